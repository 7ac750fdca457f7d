// The shared notes of a session: what others save comes as it is saved, and what is being typed stays this reader's own.
import { hub } from "./hub.js";
import { partOf } from "./parts.js";
import { tab } from "./tab.js";

const page = document.querySelector("[data-notes]");
const { notes: room, slug, zone, language } = page.dataset;
const form = page.querySelector(".notes-form"), field = form?.querySelector("#text"), base = form?.querySelector("[name=seen]");
const line = page.querySelector("[data-connection]"), aloud = page.querySelector("[data-aloud]"), meanwhile = page.querySelector("[data-meanwhile-line]");
const moment = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: zone });
const draft = `notes ${slug}`;
let wait = 1000, timer = 0;
// What stands in the field without anybody having typed; what came back from the server with a sentence was typed.
let untouched = form?.dataset.sent === undefined ? field?.value : null;

function say(text) { if (line.textContent !== text) line.textContent = text; }

function stop(text) {
  say(text);
  page.dataset.living = "ended";
}

function put(html) {
  const after = partOf(html, ".notes-now"), before = page.querySelector(".notes-now");
  if (!after || Number(after.dataset.number) <= Number(before.dataset.number)) return;
  for (const at of after.querySelectorAll(".notes-by time")) at.textContent = moment.format(new Date(at.dateTime));
  before.replaceWith(after);
  aloud.textContent = after.querySelector(".notes-by")?.textContent.trim() ?? "";
  if (!field) return;
  if (field.value !== untouched) {
    meanwhile.textContent = page.dataset.meanwhile;
    return;
  }
  // Nobody typed: the field follows, with the hand at the place where it was.
  const { selectionStart, selectionEnd } = field;
  field.value = after.querySelector(".notes-raw").value;
  untouched = field.value;
  base.value = after.dataset.number;
  if (document.activeElement === field) field.setSelectionRange(selectionStart, selectionEnd);
}

async function listen() {
  clearTimeout(timer);
  if (page.dataset.living === "ended") return;
  // Subscribed first, then looked at: what happens in between comes twice and is never missed.
  const answered = await hub.call("Open", room, Number.MAX_SAFE_INTEGER, `html:${language}`).then(() => true, () => false);
  const answer = await fetch(`/sessions/${encodeURIComponent(slug)}/notes/now`, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected || answer?.status === 401) return stop(page.dataset.loggedOut);
  if (answer?.status === 404) return stop(page.dataset.ended);
  if (answer?.ok) put(await answer.text());
  page.dataset.living = answered && answer?.ok ? "true" : "false";
  if (answered && answer?.ok) { say(""); wait = 1000; return; }
  say(page.dataset.lost);
  timer = setTimeout(listen, wait);
  wait = Math.min(30_000, wait * 2);
}

// What was typed outlives a reload, with the state on which it was written.
if (page.dataset.saved !== undefined) {
  tab.drop(draft);
  history.replaceState(null, "", location.pathname);
}
if (field) {
  if (untouched !== null) {
    try {
      const typed = JSON.parse(tab.get(draft));
      if (typed && typed.text !== field.value) {
        [field.value, base.value] = [typed.text, typed.seen];
        meanwhile.textContent = page.dataset.restored;
      }
    } catch { /* what this page did not write */ }
  }
  field.addEventListener("input", () => field.value === untouched ? tab.drop(draft) : tab.set(draft, JSON.stringify({ seen: base.value, text: field.value })));
}
hub.addEventListener("NotesChanged", ({ detail }) => detail.conversation === room && put(detail.html));
hub.addEventListener("open", listen);
hub.addEventListener("close", () => page.dataset.living !== "ended" && say(page.dataset.lost));
hub.addEventListener("full", ({ detail }) => say(detail));
hub.addEventListener("ended", () => stop(page.dataset.loggedOut));
hub.addEventListener("AccessEnded", ({ detail }) => detail.conversation === room && stop(page.dataset.ended));
hub.start();
if (hub.open) listen();
