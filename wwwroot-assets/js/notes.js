// The shared notes of a session: what others save comes as it is saved, and what is being typed stays this reader's own.
import { hub } from "./hub.js";
import { partOf } from "./parts.js";
import { tab } from "./tab.js";

const page = document.querySelector("[data-notes]");
const { notes: room, slug, zone, language } = page.dataset;
const form = page.querySelector(".notes-form"), field = form.querySelector("#text"), base = form.querySelector("[name=seen]");
const line = page.querySelector("[data-connection]"), aloud = page.querySelector("[data-aloud]"), meanwhile = page.querySelector("[data-meanwhile-line]");
const moment = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: zone });
const draft = `notes ${slug}`, sent = `notes sent ${slug}`;
const EVERY = 1000;
let wait = 1000, timer = 0, due = 0, looked = -EVERY;
const served = field.defaultValue.replace(/\r\n?/g, "\n");
// What stands in the field without anybody having typed; what came back from the server with a sentence was typed.
let untouched = form.dataset.sent === undefined ? served : null;
const startedClosed = field.readOnly;

function say(text) { if (line.textContent !== text) line.textContent = text; }

function stop(text) {
  say(text);
  page.dataset.living = "ended";
}

// Nobody writes any more: what was typed stays, to be copied.
function close(why) {
  say(why);
  if (field.value !== untouched) meanwhile.textContent = page.dataset.notSaved;
  field.readOnly = true;
  for (const button of form.querySelectorAll("button")) button.disabled = true;
}

function put(html) {
  const after = partOf(html, ".notes-now"), before = page.querySelector(".notes-now");
  if (!after) return;
  const [young, old] = [after, before].map(one => Number(one.dataset.number)), closes = after.dataset.closed !== undefined && before.dataset.closed === undefined;
  if (young < old || (young === old && !closes)) return;
  for (const at of after.querySelectorAll(".notes-by time")) at.textContent = moment.format(new Date(at.dateTime));
  before.replaceWith(after);
  if (young > old) {
    aloud.textContent = after.querySelector(".notes-by")?.textContent.trim() ?? "";
    follow(after);
  }
  if (closes) close(after.dataset.closed);
}

function follow(after) {
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

// What is there now, by this reader's own right; whether the server answered.
async function look() {
  const answer = await fetch(`/sessions/${encodeURIComponent(slug)}/notes/now`, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected || answer?.status === 401) { stop(page.dataset.loggedOut); return true; }
  if (answer?.status === 404) { stop(page.dataset.ended); return true; }
  const html = answer?.ok ? await answer.text().catch(() => null) : null;
  if (html === null) return false;
  put(html);
  return true;
}

function isNews({ number, closed }) {
  const { dataset } = page.querySelector(".notes-now");
  return number > Number(dataset.number) || (closed && dataset.closed === undefined);
}

// Somebody saved: once a second at most, and of many who read not all in the same instant.
function lookSoon() {
  if (due || page.dataset.living === "ended") return;
  due = setTimeout(async () => {
    due = 0;
    looked = performance.now();
    if (!await look()) listen();
  }, Math.max(0, looked + EVERY - performance.now()) + Math.random() * EVERY / 2);
}

async function listen() {
  clearTimeout(timer);
  if (page.dataset.living === "ended") return;
  // Subscribed first, then looked at: what happens in between comes twice and is never missed.
  const answered = await hub.call("Open", room, Number.MAX_SAFE_INTEGER, `html:${language}`).then(() => true, () => false);
  const isThere = await look();
  if (page.dataset.living === "ended") return;
  page.dataset.living = answered && isThere ? "true" : "false";
  if (answered && isThere) { say(field.readOnly && !startedClosed ? page.querySelector(".notes-now").dataset.closed : ""); wait = 1000; return; }
  say(page.dataset.lost);
  timer = setTimeout(listen, wait);
  wait = Math.min(30_000, wait * 2);
}

// What was typed outlives a reload, with the state on which it was written; and what was typed between a press on Save and its answer outlives that.
function kept() {
  try { return JSON.parse(tab.get(draft)); } catch { return null; /* what this page did not write */ }
}
if (page.dataset.saved !== undefined) {
  const typed = kept(), saved = tab.get(sent);
  if (typed?.text === saved) tab.drop(draft);
  // What stands there is what was sent: the rest was written on it.
  else if (typed && saved?.trimEnd() === field.value) tab.set(draft, JSON.stringify({ seen: base.value, text: typed.text }));
  history.replaceState(null, "", location.pathname);
}
function keep() { tab.set(draft, JSON.stringify({ seen: base.value, text: field.value })); }
if (untouched !== null) {
  const typed = kept();
  // What was typed before this script was there is newer than what was kept.
  if (field.value !== untouched) keep();
  else if (typed && typed.text !== field.value) {
    [field.value, base.value] = [typed.text, typed.seen];
    meanwhile.textContent = startedClosed ? page.dataset.notSaved : page.dataset.restored;
    page.querySelector(".notes-writing").hidden = false;
    page.querySelector("[data-columns]").classList.add("notes-columns");
  }
} else {
  // It came back unsaved: what was typed since it was sent belongs to it.
  const typed = kept();
  if (typed && typed.text !== field.value && tab.get(sent) === field.value) {
    field.value = typed.text;
    keep();
  } else if (field.value !== served) {
    keep();
  }
}
// For the next page alone: what is saved later may be something else.
tab.drop(sent);
field.addEventListener("input", () => field.value === untouched ? tab.drop(draft) : keep());
form.addEventListener("submit", () => { tab.set(sent, field.value); if (field.value !== untouched) keep(); });
hub.addEventListener("NotesChanged", ({ detail }) => detail.conversation === room && isNews(detail) && lookSoon());
hub.addEventListener("open", listen);
hub.addEventListener("close", () => page.dataset.living !== "ended" && say(page.dataset.lost));
hub.addEventListener("full", ({ detail }) => say(detail));
hub.addEventListener("ended", () => stop(page.dataset.loggedOut));
hub.addEventListener("AccessEnded", ({ detail }) => detail.conversation === room && stop(page.dataset.ended));
hub.start();
if (hub.open) listen();
