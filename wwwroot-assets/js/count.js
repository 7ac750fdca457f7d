/** Shows a count with its sentence, or nothing for zero. */
export function show(place, count, { one, other }) {
  place.hidden = count === 0;
  place.querySelector("[aria-hidden]").textContent = count;
  place.querySelector(".visually-hidden").textContent = (count === 1 ? one : other).replace("{0}", count);
}
