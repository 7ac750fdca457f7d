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

async function refresh() {
  const answer = await fetch(`/rooms/${encodeURIComponent(room)}/hours/now`, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) put(await answer.text());
  else if (answer?.status === 404) location.reload();
}

let came = false;
hub.addEventListener("HoursChanged", ({ detail }) => detail.conversation === room && put(detail.html));
async function listen() {
  if (first.dataset.alone) {
    // Subscribed first, then looked at: what happens in between comes twice and is never missed.
    const answered = await hub.call("Open", room, Number.MAX_SAFE_INTEGER, `html:${first.dataset.language}`).catch(() => null);
    first.dataset.living = answered ? "true" : "false";
    if (answered) await refresh();
  } else if (came) await refresh();
  came = true;
}

hub.addEventListener("open", listen);
hub.addEventListener("AccessEnded", ({ detail }) => detail.conversation === room && first.dataset.alone && location.reload());
setInterval(() => places.forEach(tick), 10_000);
hub.start();
if (hub.open) listen();
