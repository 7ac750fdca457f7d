// The stage of a session: what the server shows is put in whenever it is newer than what is here, and dressed for this reader.
import { hub } from "./hub.js";

const page = document.querySelector("[data-stage]");
const { stage: room, slug, me, zone, language } = page.dataset;
const moment = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: zone });
const line = page.querySelector("[data-connection]"), aloud = page.querySelector("[data-aloud]");

const parts = [".stage", ".stage-foot", ".stage-hands"];
let wait = 1000, timer = 0;

function dress(now) {
  for (const at of now.querySelectorAll("time")) at.textContent = moment.format(new Date(at.dateTime));
  for (const one of now.querySelectorAll(`[data-member="${CSS.escape(me)}"]`)) one.dataset.mine = "";
  return now;
}

// What the buttons say is the reader's own.
function decide({ dataset: { hands, phase } }) {
  const up = page.querySelector(".stage-hand-up"), down = page.querySelector(".stage-hand-down"), held = document.activeElement;
  page.toggleAttribute("data-hand", hands.split(" ").includes(me));
  up.disabled = phase !== "Running";
  if (held === up || held === down) (page.hasAttribute("data-hand") ? down : up).focus({ preventScroll: true });
}

function put(html) {
  const shell = document.createElement("template");
  shell.innerHTML = html; // rendered and sanitised by the server; scripts are forbidden by the page's policy besides
  const after = shell.content.querySelector(".stage-now"), before = page.querySelector(".stage-now");
  // Two of the same version differ where the deck was written anew.
  if (!after || Number(after.dataset.version) < Number(before.dataset.version)) return;
  const says = after.dataset.says !== before.dataset.says ? after.dataset.says : null;
  dress(after);
  // Only what is another one is replaced: nobody is thrown out of a slide because somebody raised a hand.
  let place = null;
  for (const part of parts) {
    const [old, young] = [before.querySelector(part), after.querySelector(part)];
    if (old && young && old.innerHTML === young.innerHTML) { old.dataset.version = young.dataset.version ?? ""; place = old; continue; }
    if (old && young) old.replaceWith(young);
    else if (young && place) place.after(young);
    else if (young) before.prepend(young);
    else old?.remove();
    place = young ?? place;
  }
  for (const { name, value } of after.attributes) before.setAttribute(name, value);
  decide(before);
  if (says) aloud.textContent = says;
}

function say(text) { if (line.textContent !== text) line.textContent = text; }

function stop(text) {
  say(text);
  page.dataset.living = "ended";
}

async function listen() {
  clearTimeout(timer);
  if (page.dataset.living === "ended") return;
  // Subscribed first, then looked at: what happens in between comes twice and is never missed.
  const answered = await hub.call("Open", room, Number.MAX_SAFE_INTEGER, `html:${language}`).then(() => true, () => false);
  const answer = await fetch(`/sessions/${encodeURIComponent(slug)}/stage/now`, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected || answer?.status === 401) return stop(page.dataset.loggedOut);
  if (answer?.status === 404) return stop(page.dataset.ended);
  if (answer?.ok) put(await answer.text());
  page.dataset.living = answered && answer?.ok ? "true" : "false";
  if (answered && answer?.ok) { say(""); wait = 1000; return; }
  // Refused for a while: a page that only looks live would be worse than one that says so.
  say(page.dataset.lost);
  timer = setTimeout(listen, wait);
  wait = Math.min(30_000, wait * 2);
}

// The page stays where it is; what the server did comes as it comes to all.
async function send(form, button) {
  const data = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
  if (!answer) return say(page.dataset.lost);
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  say(told.querySelector("main [role=alert]")?.textContent.trim() ?? "");
  const now = told.querySelector(".stage-now");
  if (now) put(now.outerHTML);
}

page.addEventListener("submit", event => {
  if (!event.target.matches("[data-quiet]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
hub.addEventListener("StageChanged", ({ detail }) => detail.conversation === room && put(detail.html));
hub.addEventListener("open", listen);
hub.addEventListener("close", () => page.dataset.living !== "ended" && say(page.dataset.lost));
hub.addEventListener("full", ({ detail }) => say(detail));
hub.addEventListener("ended", () => stop(page.dataset.loggedOut));
hub.addEventListener("AccessEnded", ({ detail }) => detail.conversation === room && stop(page.dataset.ended));
decide(dress(page.querySelector(".stage-now")));
hub.start();
if (hub.open) listen();
