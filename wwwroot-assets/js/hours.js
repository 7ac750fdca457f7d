// How a room's queue stands: put in whenever it changes, and dressed for this reader. Beside the messages live.js keeps the connection; alone this module does.
import { hub } from "./hub.js";

const places = [...document.querySelectorAll("[data-hours]")];
const [first] = places;
const room = first.dataset.hours;
const language = first.dataset.language === "en" ? "en-GB" : first.dataset.language;
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: first.dataset.zone };
const time = new Intl.DateTimeFormat(language, clock);
const dayAndTime = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "short", ...clock });

function dress(part) {
  for (const at of part.querySelectorAll(".hours-state time")) at.textContent = (at.dataset.long ? dayAndTime : time).format(new Date(at.dateTime));
  for (const one of part.querySelectorAll(`[data-member="${CSS.escape(first.dataset.me)}"]`)) if (one.matches(".for-mine")) one.hidden = false; else one.dataset.mine = "";
  tick(part);
}

function tick(part) {
  const board = part.matches(".hours-board") ? part : part.querySelector(".hours-board");
  for (const since of board?.querySelectorAll("time[data-since]") ?? []) {
    const minutes = Math.max(0, Math.floor((Date.now() - new Date(since.dateTime)) / 60_000));
    const sentence = (minutes === 1 ? board.dataset.minutesOne : board.dataset.minutesOther).replace("{0}", minutes);
    if (since.textContent !== sentence) since.textContent = sentence;
  }
}

function put(html) {
  const shell = document.createElement("template");
  shell.innerHTML = html; // rendered by the server, which encodes what people wrote
  for (const place of places) {
    for (const before of place.querySelectorAll(".hours-strip, .hours-board")) {
      const after = shell.content.querySelector(before.matches(".hours-strip") ? ".hours-strip" : ".hours-board").cloneNode(true);
      dress(after);
      const held = before.contains(document.activeElement) ? document.activeElement : null;
      before.replaceWith(after);
      if (!held) continue;
      const same = held.name ? after.querySelector(`button[name="${held.name}"][value="${CSS.escape(held.value)}"]`) : held.matches(".hours-strip") ? after : null;
      (same ?? after.querySelector("h2"))?.focus({ preventScroll: true });
    }
  }
}

let heard = 0, looks = 0, timer = 0, wait = 1000;

// What was pushed while a look was on its way is not older than what it finds.
async function refresh() {
  const turn = ++looks, before = heard, answer = await fetch(`/rooms/${encodeURIComponent(room)}/hours/now`, { cache: "no-store" }).catch(() => null);
  if (answer?.status === 404) { location.reload(); return true; }
  const html = answer?.ok && !answer.redirected ? await answer.text().catch(() => null) : null;
  if (html !== null && heard === before && turn === looks) put(html);
  return html !== null;
}

// Subscribed first, then looked at: what happens in between comes twice and is never missed.
async function listen() {
  clearTimeout(timer);
  const answered = !first.dataset.alone || await hub.call("Open", room, Number.MAX_SAFE_INTEGER, `html:${first.dataset.language}`).then(() => true, () => false);
  const there = answered && await refresh();
  if (first.dataset.alone) first.dataset.living = there ? "true" : "false";
  if (there) { wait = 1000; return; }
  // Refused for a while: with every line anew it is tried at once.
  timer = setTimeout(() => hub.open && listen(), wait);
  wait = Math.min(30_000, wait * 2);
}

hub.addEventListener("HoursChanged", ({ detail }) => {
  if (detail.conversation !== room) return;
  heard++;
  put(detail.html);
});
hub.addEventListener("AccessEnded", ({ detail }) => detail.conversation === room && first.dataset.alone && location.reload());
setInterval(() => places.forEach(tick), 10_000);
if (first.dataset.alone) {
  hub.addEventListener("open", listen);
  hub.start();
  if (hub.open) listen();
} else {
  // The messages subscribe, and say so each time; they may have done it before this script was there.
  const messages = document.querySelector("live-conversation");
  messages?.addEventListener("subscribed", listen);
  if (messages?.subscribed) listen();
}
