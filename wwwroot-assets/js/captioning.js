// Typing captions without waiting: a line leaves the field at once, and comes back into it if it could not be sent.
import { putLines, takeToken } from "./parts.js";
import { tab } from "./tab.js";

const page = document.querySelector("[data-captioning]");
const form = page.querySelector(".caption-form"), field = form.querySelector("#text"), line = page.querySelector("[data-connection]");
const waiting = [];
const name = `captions ${page.dataset.captioning} ${new URLSearchParams(location.search).get("language") ?? ""}`;
let sending = false, again = null;

const toEnd = () => { const log = page.querySelector(".caption-lines"); log.scrollTop = log.scrollHeight; };

function show(told) {
  const [old, young] = [page.querySelector(".caption-lines"), told.querySelector(".caption-lines")];
  if (!young) return;
  putLines(old, young);
  takeToken(page, told.querySelector("[data-captioning]"));
  toEnd();
}

// What was typed and did not arrive outlives a reload.
const keep = () => tab.set(name, [...waiting.map(one => one.text), field.value].join(" ").trim());

async function post(one) {
  const data = new FormData(form);
  data.set("text", one.text);
  data.set("key", one.key);
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    return { answer, told: new DOMParser().parseFromString(await answer.text(), "text/html") };
  } catch {
    return {};
  }
}

function refusal({ answer, told }) {
  if (!answer) return page.dataset.lost;
  const there = told.querySelector("[data-captioning]");
  if (there) return there.querySelector("[role=alert]")?.textContent.trim() ?? "";
  return answer.redirected || answer.status === 401 ? page.dataset.loggedOut : answer.status === 404 ? page.dataset.ended : page.dataset.lost;
}

// One after the other: the order in which they were said is the order in which they stand there.
async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length > 0) {
    const came = await post(waiting[0]), refused = refusal(came);
    line.textContent = refused;
    if (came.told) show(came.told);
    if (refused) {
      // Nothing that was typed is lost: what could not be sent stands in the field again, before what is being typed. A single line keeps its key, as it may have arrived all the same.
      again = waiting.length === 1 && field.value === "" ? waiting[0] : null;
      field.value = [...waiting.splice(0).map(one => one.text), field.value].join(" ").trim();
      break;
    }
    waiting.shift();
    keep();
  }
  sending = false;
}

form.addEventListener("submit", event => {
  event.preventDefault();
  const text = field.value.trim();
  if (text === "") return;
  field.value = "";
  field.focus();
  waiting.push(again?.text === text ? again : { text, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` });
  again = null;
  keep();
  send();
});
field.addEventListener("input", keep);
if (!field.value) field.value = tab.get(name) ?? "";
toEnd();
