// The stage of a session: what the server shows is put in whenever it is newer than what is here, and dressed for this reader.
import { hub } from "./hub.js";
import { Captions } from "./captions.js";
import { countDown } from "./countdown.js";
import { partOf, putParts, takeToken } from "./parts.js";
import { tab } from "./tab.js";

const page = document.querySelector("[data-stage]");
const { stage: room, slug, me, zone, language } = page.dataset;
const moment = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short", hourCycle: "h23", timeZone: zone });
const line = page.querySelector("[data-connection]"), aloud = page.querySelector("[data-aloud]");

const parts = [".question-ask", ".question-count", ".question-results", ".stage", ".stage-timer", ".stage-foot", ".stage-hands"];
let wait = 1000, timer = 0, sent = Promise.resolve(), rewarded = page.querySelector(".question-results[data-points]")?.dataset.question;

// What is typed into the fields of a question is this reader's own: it outlives whatever others do, and a reload.
const fields = ask => [...ask.querySelectorAll("[name=answer]")];
const isMark = field => field.type === "radio" || field.type === "checkbox";
const nameOf = ask => `answer ${slug} ${ask.dataset.ask} ${ask.dataset.words}`;
const kept = number => page.dataset.mine?.startsWith(`${number}:`) ? page.dataset.mine.slice(number.length + 1) : null;
const ticks = ask => [...ask.querySelectorAll(".question-votes [type=checkbox]")];
const marksOf = mine => mine?.split("\n")[0].split(",") ?? [];
const stored = {
  get(ask) {
    try {
      const typed = JSON.parse(tab.get(nameOf(ask)));
      return typed?.fields ? typed : null;
    } catch { return null; }
  },
  // What was ticked outlives that ideas are hidden for a while.
  set: ask => tab.set(nameOf(ask), JSON.stringify({
    fields: fields(ask).map(field => isMark(field) ? field.checked : field.value),
    votes: ask.querySelector(".idea-lines") ? ticks(ask).filter(one => one.checked).map(one => one.value) : stored.get(ask)?.votes ?? null,
  })),
  drop: ask => tab.drop(nameOf(ask)),
};

function fill(ask) {
  const typed = stored.get(ask), mine = kept(ask.dataset.ask), numbers = marksOf(mine), ideas = ask.querySelector(".question-votes") && mine?.split("\n").slice(1);
  fields(ask).forEach((field, i) => {
    if (typed) isMark(field) ? field.checked = typed.fields[i] : field.value = typed.fields[i];
    else if (mine !== null) isMark(field) ? field.checked = numbers.includes(field.value) : field.value = field.matches("select") ? numbers[i] : ideas ? ideas[i] ?? "" : mine;
  });
  tick(ask, ticks(ask));
  ask.querySelector(".question-kept").hidden = mine === null || typed !== null;
}

function tick(ask, lines) {
  const votes = stored.get(ask)?.votes ?? marksOf(kept(ask.dataset.ask));
  for (const one of lines) one.checked = votes.includes(one.value);
}

// Ideas of others come while somebody reads and ticks: what stands there stays in its place, what is new comes behind it. On a wall they stand by their votes.
function putVotes(old, young) {
  const [before, after] = [old, young].map(ask => ask.querySelector(".question-votes")), [list, lines] = [before, after].map(one => one?.querySelector(".idea-lines"));
  if (!before) return;
  if (!list || !lines || page.matches(".projector")) {
    before.replaceChildren(...after.childNodes);
    return tick(old, ticks(old));
  }
  const gone = new Map([...list.children].map(one => [one.dataset.idea, one]));
  for (const line of [...lines.children]) {
    const there = gone.get(line.dataset.idea);
    gone.delete(line.dataset.idea);
    if (!there) {
      tick(old, [line.querySelector("input")]);
      list.append(line);
    } else if (there.lastElementChild.innerHTML !== line.lastElementChild.innerHTML) there.lastElementChild.replaceWith(line.lastElementChild);
  }
  for (const one of gone.values()) one.remove();
  before.querySelector(".idea-more").replaceWith(after.querySelector(".idea-more"));
}

// Not all at once: everybody sees the result in the same moment.
function reward(results) {
  if (!results || results.dataset.question === rewarded) return;
  const { question } = results.dataset;
  rewarded = question;
  const look = async () => {
    const answer = await fetch(`/sessions/${encodeURIComponent(slug)}/stage/points`, { cache: "no-store" }).catch(() => null);
    if (rewarded !== question || answer?.redirected) return;
    if (!answer || answer.status === 429 || answer.status >= 500) return setTimeout(look, 5000);
    const points = answer.ok && partOf(await answer.text(), ".stage-points");
    if (points) page.querySelector(".stage-points").replaceChildren(...points.childNodes);
  };
  setTimeout(look, Math.random() * 2000);
}

function dress(now) {
  for (const at of now.querySelectorAll("time")) at.textContent = moment.format(new Date(at.dateTime));
  for (const one of now.querySelectorAll(`[data-member="${CSS.escape(me)}"]`)) one.dataset.mine = "";
  const results = now.querySelector(".question-results"), mine = results && marksOf(kept(results.dataset.question));
  for (const one of results?.querySelectorAll("[data-choice]") ?? []) one.querySelector(".question-mine").hidden = !mine.includes(one.dataset.choice);
  return now;
}

// What the buttons say is the reader's own.
function decide({ dataset: { hands, phase } }) {
  const up = page.querySelector(".stage-hand-up"), down = page.querySelector(".stage-hand-down"), held = document.activeElement;
  page.toggleAttribute("data-hand", hands.split(" ").includes(me));
  up.disabled = phase !== "Running";
  if (held === up || held === down) (page.hasAttribute("data-hand") ? down : up).focus({ preventScroll: true });
}

// The same words are the same fields: what is typed into them stays.
function isSame(old, young) {
  if (!young.dataset.ask) return old.innerHTML === young.innerHTML;
  if (old.dataset.ask !== young.dataset.ask || old.dataset.words !== young.dataset.words) return false;
  putVotes(old, young);
  return true;
}

function put(html) {
  const after = partOf(html, ".stage-now"), before = page.querySelector(".stage-now");
  // Two of the same version differ where the deck was written anew.
  if (!after || Number(after.dataset.version) < Number(before.dataset.version)) return;
  const says = after.dataset.says !== before.dataset.says ? after.dataset.says : null;
  dress(after);
  putParts(before, after, parts, isSame, young => young.dataset.ask && fill(young));
  if (!after.hasAttribute("data-question")) before.removeAttribute("data-question");
  decide(before);
  reward(before.querySelector(".question-results[data-points]"));
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
  // A guest hears of the stage and not of the room.
  const opened = page.dataset.guest === undefined ? hub.call("Open", room, Number.MAX_SAFE_INTEGER, `html:${language}`) : hub.call("WatchStage", slug, language);
  const answered = await opened.then(() => true, () => false);
  const answer = await fetch(`/sessions/${encodeURIComponent(slug)}/stage/now`, { cache: "no-store" }).catch(() => null);
  if (answer?.redirected || answer?.status === 401) return stop(page.dataset.guest === undefined ? page.dataset.loggedOut : page.dataset.ended);
  if (answer?.status === 404) return stop(page.dataset.ended);
  if (answer?.ok) {
    const html = await answer.text();
    put(html);
    captions.put(html);
  }
  page.dataset.living = answered && answer?.ok ? "true" : "false";
  if (answered) page.dispatchEvent(new Event("subscribed"));
  if (answered && answer?.ok) { say(""); wait = 1000; return; }
  // Refused for a while: a page that only looks live would be worse than one that says so.
  say(page.dataset.lost);
  timer = setTimeout(listen, wait);
  wait = Math.min(30_000, wait * 2);
}

// The page stays where it is; what the server did comes as it comes to all.
async function send(form, data, ask, typed) {
  // A phone between two networks may wait for ever, and the next press with it.
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Part": "stage" }, signal: AbortSignal.timeout(20_000) }).catch(() => null);
  if (!answer) return say(page.dataset.lost);
  const told = new DOMParser().parseFromString(await answer.text(), "text/html"), there = told.querySelector("[data-stage]");
  const refused = told.querySelector("main [role=alert]")?.textContent.trim() ?? (there ? "" : page.dataset.loggedOut);
  say(refused);
  takeToken(page, there);
  if (there) there.dataset.mine === undefined ? delete page.dataset.mine : page.dataset.mine = there.dataset.mine;
  if (ask && there && !refused) {
    // What was changed since it was sent is newer, and not sent yet.
    if (tab.get(nameOf(ask)) === typed) stored.drop(ask);
    fill(ask);
    const said = ask.querySelector(".question-kept");
    aloud.textContent = said.hidden ? "" : said.textContent.trim();
  }
  const now = told.querySelector(".stage-now");
  if (now) put(now.outerHTML);
}

page.addEventListener("submit", event => {
  if (!event.target.matches("[data-quiet]")) return;
  event.preventDefault();
  const form = event.target, button = event.submitter, data = new FormData(form, button), ask = button?.closest("[data-ask]");
  const typed = ask && tab.get(nameOf(ask));
  // One after the other, so that the last press is what stays.
  sent = sent.then(() => send(form, data, ask, typed)).catch(() => say(page.dataset.lost));
});
page.addEventListener("input", event => {
  const ask = event.target.closest("[data-ask]");
  if (!ask) return;
  stored.set(ask);
  ask.querySelector(".question-kept").hidden = true;
});
hub.addEventListener("StageChanged", ({ detail }) => detail.conversation === room && put(detail.html));
hub.addEventListener("CaptionsChanged", ({ detail }) => detail.conversation === room && captions.put(detail.html));
hub.addEventListener("open", listen);
hub.addEventListener("close", () => page.dataset.living !== "ended" && say(page.dataset.lost));
hub.addEventListener("full", ({ detail }) => say(detail));
hub.addEventListener("ended", () => stop(page.dataset.loggedOut));
hub.addEventListener("AccessEnded", ({ detail }) => (detail.conversation === room || page.dataset.guest !== undefined) && stop(page.dataset.ended));
const captions = new Captions(page);
countDown(page, words => { aloud.textContent = words; });
const whole = page.querySelector("[data-fullscreen]");
if (whole && document.fullscreenEnabled) {
  whole.hidden = false;
  whole.addEventListener("click", () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
}
decide(dress(page.querySelector(".stage-now")));
for (const ask of page.querySelectorAll("[data-ask]")) fill(ask);
hub.start();
if (hub.open) listen();
