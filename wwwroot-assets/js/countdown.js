// A countdown by the difference of two moments of this device: its clock may be wrong by hours.
const ends = new WeakMap();

const read = left => {
  const seconds = Math.ceil(left / 1000), rest = String(seconds % 60).padStart(2, "0"), minutes = Math.floor(seconds / 60);
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
};

/** Counts on in all countdowns of a page, also those that come later. Says so once when one is over. */
export function countDown(page, over = () => {}) {
  setInterval(() => {
    const one = page.querySelector(".stage-timer");
    if (!one) return;
    const before = ends.has(one);
    if (!before) ends.set(one, performance.now() + Number(one.dataset.left));
    const left = Math.max(0, ends.get(one) - performance.now()), shown = one.querySelector("[role=timer]");
    const words = left === 0 ? one.dataset.over : read(left);
    if (left === 0 && shown.textContent !== words && before) over(words);
    if (shown.textContent !== words) shown.textContent = words;
    one.toggleAttribute("data-is-over", left === 0);
  }, 250);
}
