// The stage of a session: what the server shows is put in whenever it is newer than what is here, and dressed for this reader.
import { hub } from "./hub.js";

const page = document.querySelector("[data-stage]");
const { stage: room, slug, me, zone, language } = page.dataset;
const moment = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: zone });
const line = page.querySelector("[data-connection]"), aloud = page.querySelector("[data-aloud]");

function dress(now) {
  for (const at of now.querySelectorAll("time")) at.textContent = moment.format(new Date(at.dateTime));
  page.toggleAttribute("data-hand", now.dataset.hands.split(" ").includes(me));
  for (const one of now.querySelectorAll(`[data-member="${CSS.escape(me)}"]`)) one.dataset.mine = "";
  page.querySelector(".stage-hand-up").disabled = now.dataset.phase !== "Running";
}

function put(html) {
  const shell = document.createElement("template");
  shell.innerHTML = html; // rendered and sanitised by the server; scripts are forbidden by the page's policy besides
  const after = shell.content.querySelector(".stage-now"), before = page.querySelector(".stage-now");
  // Two of the same version differ where the deck was written anew.
  if (!after || Number(after.dataset.version) < Number(before.dataset.version)) return;
  const says = after.dataset.says !== before.dataset.says ? after.dataset.says : null;
  dress(after);
  before.replaceWith(after);
  if (says) aloud.textContent = says;
}

function say(text) { if (line.textContent !== text) line.textContent = text; }

async function listen() {
  // Subscribed first, then looked at: what happens in between comes twice and is never missed.
  const answered = await hub.call("Open", room, Number.MAX_SAFE_INTEGER, `html:${language}`).catch(() => null);
  const answer = await fetch(`/sessions/${encodeURIComponent(slug)}/stage/now`, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) { put(await answer.text()); say(""); }
  else if (answer?.status === 404 || answer?.redirected) { say(page.dataset.ended); return; }
  page.dataset.living = answered ? "true" : "false";
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
hub.addEventListener("close", () => say(page.dataset.lost));
hub.addEventListener("AccessEnded", ({ detail }) => detail.conversation === room && say(page.dataset.ended));
dress(page.querySelector(".stage-now"));
hub.start();
if (hub.open) listen();
