// A countdown by the difference of two moments of this device: its clock may be wrong by hours.
const ends = new WeakMap();

/** A length as a clock shows it. */
export function clockOf(seconds) {
  const whole = Math.floor(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60, rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Counts on in all countdowns of a page, also those that come later. Says so once when one is over. */
export function countDown(page, over = () => {}) {
  setInterval(() => {
    const one = page.querySelector(".stage-timer");
    if (!one) return;
    const before = ends.has(one);
    if (!before) ends.set(one, performance.now() + Number(one.dataset.left));
    const left = Math.max(0, ends.get(one) - performance.now()), shown = one.querySelector("[role=timer]");
    const words = left === 0 ? one.dataset.over : clockOf(Math.ceil(left / 1000));
    if (left === 0 && shown.textContent !== words && before) over(words);
    if (shown.textContent !== words) shown.textContent = words;
    one.toggleAttribute("data-is-over", left === 0);
  }, 250);
}
