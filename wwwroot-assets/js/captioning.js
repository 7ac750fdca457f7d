// Typing captions without waiting: a line leaves the field at once, and comes back into it if it could not be sent.
const page = document.querySelector("[data-captioning]");
const form = page.querySelector(".caption-form"), field = form.querySelector("#text"), line = page.querySelector("[data-connection]");
const waiting = [];
let sending = false;

const toEnd = () => { const log = page.querySelector(".caption-lines"); log.scrollTop = log.scrollHeight; };

function show(told) {
  const [old, young] = [page.querySelector(".caption-lines"), told.querySelector(".caption-lines")];
  if (!young) return false;
  const keep = new Set([...young.children].map(one => one.dataset.line));
  for (const one of [...old.children]) if (!keep.has(one.dataset.line)) one.remove();
  for (const one of [...young.children]) if (!one.dataset.line || !old.querySelector(`[data-line="${CSS.escape(one.dataset.line)}"]`)) old.append(one);
  const token = told.querySelector(".caption-form input[name=__RequestVerificationToken]")?.value;
  if (token) form.querySelector("input[name=__RequestVerificationToken]").value = token;
  toEnd();
  return true;
}

// One after the other: the order in which they were said is the order in which they stand there.
async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length > 0) {
    const data = new FormData(form);
    data.set("text", waiting[0]);
    const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    const told = answer && new DOMParser().parseFromString(await answer.text(), "text/html"), there = told?.querySelector("[data-captioning]");
    const refused = !answer ? page.dataset.lost : !there ? page.dataset.loggedOut : there.querySelector("[role=alert]")?.textContent.trim() ?? "";
    line.textContent = refused;
    if (refused) {
      // Nothing that was typed is lost: what could not be sent stands in the field again, before what is being typed.
      field.value = [...waiting.splice(0), field.value].join(" ").trim();
      if (there) show(there);
      break;
    }
    waiting.shift();
    show(there);
  }
  sending = false;
}

form.addEventListener("submit", event => {
  event.preventDefault();
  const text = field.value.trim();
  if (text === "") return;
  field.value = "";
  field.focus();
  waiting.push(text);
  send();
});
toEnd();
