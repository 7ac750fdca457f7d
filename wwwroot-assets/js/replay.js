// A session seen again: a clock of the page runs at any speed, and the server is asked for a moment only when something happens in it.
import { clockOf } from "./countdown.js";
import { partOf, putParts } from "./parts.js";

const page = document.querySelector("[data-replay]");
const { replay: slug, length, play: playWord, pause: pauseWord, lost } = page.dataset;
const end = Number(length);
const play = page.querySelector(".replay-play"), range = page.querySelector(".replay-range"), clock = page.querySelector(".replay-clock"), speed = page.querySelector("#speed");
const line = page.querySelector("[data-connection]"), aloud = page.querySelector("[data-aloud]");

let at = Number(page.querySelector(".replay-now").dataset.at), playing = false, before = 0, asking = null, timer = 0;

function show() {
  const words = clock.dataset.of.replace("{0}", clockOf(at));
  if (clock.textContent !== words) clock.textContent = words;
  if (document.activeElement !== range || playing) range.value = String(Math.floor(at));
  range.setAttribute("aria-valuetext", words);
  let here = null;
  for (const one of page.querySelectorAll("nav [data-at]")) {
    one.removeAttribute("aria-current");
    if (Number(one.dataset.at) <= at + 0.0005) here = one;
  }
  here?.setAttribute("aria-current", "step");
}

// What was said last is seen.
function toEnd() {
  const said = page.querySelector(".replay-log");
  if (said) said.scrollTop = said.scrollHeight;
}

// The newest wish counts; an answer to an older one is thrown away.
async function load() {
  asking?.abort();
  const mine = asking = new AbortController();
  const html = await fetch(`/sessions/${encodeURIComponent(slug)}/replay/at?seconds=${at.toFixed(3)}`, { signal: mine.signal, cache: "no-store" })
    .then(answer => answer.ok && !answer.redirected ? answer.text() : null).catch(() => null);
  if (mine.signal.aborted) return;
  asking = null;
  if (html === null) {
    line.textContent = lost;
    pause();
    return;
  }
  line.textContent = "";
  const after = partOf(html, ".replay-now"), now = page.querySelector(".replay-now");
  if (!after) return;
  const said = now.dataset.says;
  putParts(now, after, [".replay-asked", ".stage", ".replay-captions", ".stage-foot", ".replay-said"]);
  if (now.dataset.says !== said) aloud.textContent = now.dataset.says;
  toEnd();
}

function go(seconds) {
  at = Math.min(end, Math.max(0, seconds));
  show();
  history.replaceState(null, "", `?at=${Math.floor(at * 1000) / 1000}`);
  return load();
}

function tick() {
  const now = performance.now();
  const next = Number(page.querySelector(".replay-now").dataset.next || Infinity);
  at = Math.min(end, at + (now - before) / 1000 * Number(speed.value));
  before = now;
  show();
  // Nobody asks again after the end: its moment is not left to an answer that is under way.
  if (asking ? at >= end : at >= next) load();
  if (at >= end) pause();
}

function pause() {
  playing = false;
  clearInterval(timer);
  play.textContent = playWord;
}

play.addEventListener("click", () => {
  if (playing) return pause();
  if (at >= end) go(0);
  playing = true;
  play.textContent = pauseWord;
  before = performance.now();
  timer = setInterval(tick, 100);
});
range.addEventListener("input", () => { at = Number(range.value); show(); });
range.addEventListener("change", () => go(Number(range.value)));
page.addEventListener("click", event => {
  const link = event.target.closest("a[data-at], a[rel=next]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const wish = link.dataset.at ?? new URL(link.href).searchParams.get("at");
  const held = link.rel === "next";
  // The link that was pressed goes with its moment: the keys stay where the next one is.
  go(Number(wish)).then(() => held && (page.querySelector(".replay-now a[rel=next]") ?? play).focus({ preventScroll: true }));
});
for (const hidden of page.querySelectorAll(".replay-play, .replay-speed")) hidden.hidden = false;
page.querySelector(".replay-show").hidden = true;
toEnd();
show();
