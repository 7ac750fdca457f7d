// Questions from the audience: what the server shows of all is put in, and what is this reader's own is marked in it.
import { hub } from "./hub.js";
import { partOf, takeToken } from "./parts.js";
import { tab } from "./tab.js";

const page = document.querySelector("[data-stage]"), part = document.querySelector("[data-audience]");
const { audience: room, slug } = part.dataset;
const ask = part.querySelector("#audience-ask"), text = ask.querySelector("textarea"), nameless = ask.querySelector(".audience-anonymous");
const line = part.querySelector("[data-audience-line]"), aloud = part.querySelector("[data-audience-aloud]");
const draft = `question ${slug}`;
let heard = 0, sent = Promise.resolve();

function say(sentence) { if (line.textContent !== sentence) line.textContent = sentence; }

function dress(now) {
  const voted = part.dataset.voted.split(" "), asked = part.dataset.asked.split(" ");
  for (const one of now.querySelectorAll("[data-number]")) {
    const isMine = asked.includes(one.dataset.number), hasVoted = voted.includes(one.dataset.number), vote = one.querySelector(".audience-vote");
    for (const own of one.querySelectorAll(".audience-own, .audience-withdraw")) own.hidden = !isMine;
    if (!vote) continue;
    vote.disabled = isMine;
    vote.name = hasVoted ? "unvote" : "vote";
    vote.setAttribute("aria-pressed", String(hasVoted));
  }
  ask.hidden = !("takes" in now.dataset);
  nameless.hidden = !("anonymous" in now.dataset);
  return now;
}

// The hand stays at what it holds, wherever that has moved.
function same(held, now) {
  const number = held.closest("[data-number]")?.dataset.number;
  return number ? now.querySelector(`[data-number="${number}"] :is(.audience-vote, .audience-withdraw)[name="${held.name}"]`) ?? now.querySelector(`[data-number="${number}"] .audience-vote`) : now.querySelector(held.tagName);
}

function put(html) {
  const after = partOf(html, ".audience-now"), before = part.querySelector(".audience-now");
  if (!after) return;
  const fold = after.querySelector("details");
  if (fold) fold.open = before.querySelector("details")?.open ?? false;
  if (dress(after).isEqualNode(before)) return;
  const held = before.contains(document.activeElement) ? document.activeElement : null;
  before.replaceWith(after);
  if (held) (same(held, after) ?? part.querySelector("h2")).focus({ preventScroll: true });
  if (after.dataset.says && after.dataset.says !== before.dataset.says) aloud.textContent = after.dataset.says;
}

// What was pushed while a look was on its way is not older than what it finds.
async function look() {
  const before = heard;
  const answer = await fetch(`/sessions/${encodeURIComponent(slug)}/stage/questions`, { cache: "no-store" }).catch(() => null);
  const html = answer?.ok && !answer.redirected ? await answer.text().catch(() => null) : null;
  if (html !== null && heard === before) put(html);
}

async function send(form, data) {
  // It comes back to the shorter page.
  data.set("from", "1");
  // A phone between two networks may wait for ever, and the next press with it.
  const answer = await fetch(form.action, { method: "POST", body: data, signal: AbortSignal.timeout(20_000) }).catch(() => null);
  if (!answer) return say(part.dataset.notSent);
  const told = new DOMParser().parseFromString(await answer.text(), "text/html"), there = told.querySelector("#audience");
  // A question may have gone in the same moment; a session that is not there any more is said by the stage.
  if (answer.status === 404) return look();
  if (!there) return say(answer.redirected ? page.dataset.loggedOut : part.dataset.notSent);
  const refused = told.querySelector("main [role=alert]")?.textContent.trim() ?? "";
  say(refused);
  takeToken(page, there);
  ({ voted: part.dataset.voted, asked: part.dataset.asked } = there.dataset);
  part.querySelector(".audience-hidden").replaceWith(there.querySelector(".audience-hidden"));
  dress(part.querySelector(".audience-now"));
  if (form === ask && refused) nameless.querySelector("input").checked &&= !nameless.hidden;
  if (form === ask && !refused) {
    if (text.value === data.get("text")) text.value = "";
    tab.set(draft, text.value);
    aloud.textContent = part.dataset.done;
  }
  if (!hub.open) look();
}

part.addEventListener("submit", event => {
  if (!event.target.matches("[data-audience-form]")) return;
  event.preventDefault();
  const data = new FormData(event.target, event.submitter);
  // One after the other, so that the last press is what stays.
  sent = sent.then(() => send(event.target, data)).catch(() => say(part.dataset.notSent));
});
text.addEventListener("input", () => tab.set(draft, text.value));
hub.addEventListener("AudienceChanged", ({ detail }) => {
  if (detail.conversation !== room) return;
  heard++;
  put(detail.html);
});
page.addEventListener("subscribed", look);
if (!text.value) text.value = tab.get(draft) ?? "";
dress(part.querySelector(".audience-now"));
