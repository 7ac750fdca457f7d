// Writing a document: what is typed is kept here until the server has it on disk, saved a moment after each pause, and shown beside as readers will see it.
const Pause = 900;
const Longest = 4000;
const Again = 5000;

const form = document.querySelector("form.writing");
if (form) new Writing(form);

function Writing(form) {
  const text = form.elements.markdown;
  const preview = form.querySelector("[data-preview]");
  const state = form.querySelector("[data-state]");
  const store = form.dataset.store;
  let changed = false, saving = null, since = 0, timer = 0, leaving = false;

  const kept = () => { try { return JSON.parse(localStorage.getItem(store)); } catch { return null; } };
  const keep = sent => { try { localStorage.setItem(store, JSON.stringify({ text: text.value, base: form.elements.base.value, version: form.elements.version.value, sent })); } catch { /* A full store takes nothing from the text. */ } };
  const forget = () => localStorage.removeItem(store);
  const say = (words, isBad) => { state.textContent = words; state.classList.toggle("field-error", isBad); };

  const before = kept();
  if (before && before.text !== text.value && !(before.sent && before.base !== form.elements.base.value)) {
    // With what it was written on: where somebody stored something meanwhile, both texts are shown and none is lost.
    text.value = before.text;
    form.elements.base.value = before.base;
    form.elements.version.value = before.version;
    typed();
    say(form.dataset.found, false);
  } else forget();

  text.addEventListener("input", typed);
  text.addEventListener("keyup", follow);
  text.addEventListener("click", follow);
  addEventListener("online", () => { if (changed) save(); });
  addEventListener("pagehide", () => { if (changed) keep(false); });

  form.addEventListener("submit", event => {
    // A download or a stop takes nobody away.
    leaving = true;
    setTimeout(() => leaving = false, 10_000);
    clearTimeout(timer);
    keep(true);
    // The save under way gives the draft another version: the form has to name that one.
    if (!saving) return;
    event.preventDefault();
    const by = event.submitter;
    saving.finally(() => { saving = null; form.requestSubmit(by); });
  });

  function typed() {
    if (!changed) since = performance.now();
    changed = true;
    keep(false);
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(Pause, Longest - (performance.now() - since))));
  }

  function save() {
    if (saving || leaving) return;
    clearTimeout(timer);
    changed = false;
    say(form.dataset.saving, false);
    const sent = text.value;
    saving = send(sent).finally(() => { saving = null; if (changed && !leaving) timer = setTimeout(save, Pause); });
  }

  async function send(sent) {
    let answer;
    try {
      const response = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    } catch { answer = null; }
    if (!answer) {
      changed = true;
      say(form.dataset.offline, true);
      timer = setTimeout(save, Again);
      return;
    }
    if (!answer.saved) {
      // What was refused stays in the field; it is tried again with the next change.
      say(answer.refusal, true);
      return;
    }
    form.elements.version.value = answer.version;
    if (text.value === sent) forget(); else keep(false);
    say(form.dataset.saved.replace("{0}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })), false);
    const top = preview.scrollTop;
    preview.innerHTML = answer.html;
    preview.scrollTop = top;
    follow();
  }

  // The preview shows the section in which one writes.
  function follow() {
    const count = (text.value.slice(0, text.selectionStart).match(/^##[ \t]/gm) ?? []).length;
    const heading = count > 0 ? preview.querySelectorAll("h2")[count - 1] : null;
    preview.scrollTo({ top: heading ? heading.offsetTop - preview.offsetTop - 8 : 0 });
  }

  const tools = form.querySelector(".writing-tools");
  tools.hidden = false;
  tools.addEventListener("click", event => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool) mark(tool);
  });
  text.addEventListener("keydown", event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const tool = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
    if (tool) { event.preventDefault(); mark(tool); }
    if (event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
  });

  function mark(tool) {
    const [from, to] = [text.selectionStart, text.selectionEnd];
    const chosen = text.value.slice(from, to);
    text.focus();
    if (tool === "bold") around("**", "**");
    else if (tool === "italic") around("*", "*");
    else if (tool === "link") around("[", "](https://)");
    else if (tool === "table") put(`\n\n| ${chosen || " "} |  |\n| --- | --- |\n|  |  |\n`, from, to);
    else {
      const sign = { heading: "## ", list: "- ", numbers: "1. ", quote: "> " }[tool];
      const start = text.value.lastIndexOf("\n", from - 1) + 1;
      put(text.value.slice(start, to).split("\n").map(line => line.startsWith(sign) ? line.slice(sign.length) : sign + line).join("\n"), start, to);
    }

    function around(open, close) {
      put(open + chosen + close, from, to);
      text.setSelectionRange(from + open.length, from + open.length + chosen.length);
    }
  }

  // As typing does, so that it can be undone.
  function put(words, from, to) {
    text.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, words)) {
      text.setRangeText(words, from, to, "end");
      typed();
    }
  }
}
