// Writing a document: what is typed is kept here until the server has it on disk, saved a moment after each pause, and shown beside as readers will see it.
import { FullScreen } from "./fullscreen.js";
import { Kept } from "./keeping.js";
import { Linking, linkOf } from "./linking.js";
import { Details, Outline } from "./outline.js";

const Pause = 900;
const Longest = 4000;
const Again = 5000;

const form = document.querySelector("form.writing");
if (form) write(form);

function write(form) {
  const text = form.elements.markdown;
  const preview = form.querySelector("[data-preview]");
  const [state, alarm] = [form.querySelector("[data-state]"), form.querySelector("[data-alarm]")];
  const kept = new Kept(form.dataset.store);
  // Beside somebody else's text nothing is saved before both were seen and a button was pressed; found again later, mine still stands on what it was written on.
  const conflict = form.dataset.conflict?.split(" ");
  let changed = false, saving = null, since = 0, timer = 0, leaving = false, picked = [0, 0];

  const keep = sent => kept.keep({ text: text.value, base: conflict?.[0] ?? form.elements.base.value, version: conflict?.[1] ?? form.elements.version.value, sent });
  // What goes well is seen and not said aloud; trouble is, and its end.
  let troubled = false;
  const say = (words, isTrouble, isEnd = false) => {
    if (isTrouble || (isEnd && troubled)) alarm.textContent = words;
    troubled = isTrouble || (troubled && !isEnd);
    state.textContent = words;
    state.classList.toggle("field-error", isTrouble);
  };
  const lost = status => status === 401 || status === 403 || status === 404;
  const schedule = wait => { clearTimeout(timer); timer = setTimeout(save, wait); };

  // What stands here was sent from the page before, and waits there no more.
  const isElse = words => words.text !== text.value;
  if (conflict) { kept.others(isElse); keep(false); }
  else if (form.dataset.refused !== undefined) { kept.others(isElse); typed(); }
  else {
    // The newest comes first; what another tab left besides is found the next time.
    const [before] = kept.others(words => isElse(words) && !(words.sent && words.base !== form.elements.base.value));
    if (before) {
      // With what it was written on: where somebody stored something meanwhile, both texts are shown and none is lost.
      text.value = before.words.text;
      form.elements.base.value = before.words.base;
      form.elements.version.value = before.words.version;
      kept.take(before);
      typed();
      say(form.dataset.found, true);
    }
  }

  text.addEventListener("input", typed);
  text.addEventListener("keyup", follow);
  text.addEventListener("click", follow);
  addEventListener("online", () => { if (changed) save(); });
  addEventListener("pagehide", () => { if (changed && !leaving) keep(false); });

  form.addEventListener("submit", event => {
    if (event.submitter?.value === "file") { event.preventDefault(); insert(event.submitter); return; }
    // A download or a stop takes nobody away.
    leaving = true;
    setTimeout(() => leaving = false, 10_000);
    clearTimeout(timer);
    keep(true);
    // The save under way gives the draft another version: the form has to name that one.
    if (!saving) return;
    event.preventDefault();
    const by = event.submitter;
    saving.finally(() => form.requestSubmit(by));
  });

  function typed() {
    if (!changed) since = performance.now();
    changed = true;
    keep(false);
    schedule(Math.max(0, Math.min(Pause, Longest - (performance.now() - since))));
  }

  function save() {
    if (saving || leaving || conflict || !changed) return;
    clearTimeout(timer);
    changed = false;
    say(form.dataset.saving, false);
    saving = send(text.value).then(wait => { if (wait !== null && changed && !leaving) schedule(wait); }).finally(() => { saving = null; });
  }

  // Answers how long to wait until the next time; null until something is typed.
  async function send(sent) {
    let answer = null, status = 0;
    try {
      const response = await fetch(form.dataset.draft, { method: "POST", body: fields(), headers: { Accept: "application/json" }, redirect: "manual" });
      status = response.type === "opaqueredirect" ? 401 : response.status;
      answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    } catch { answer = null; }
    if (!answer?.saved) {
      // It stays in the field and on this device. What was refused is tried again with the next change, the rest by itself.
      const isRefused = answer?.refusal && status !== 429;
      const next = changed || !isRefused;
      changed = true;
      say(answer?.refusal ?? (lost(status) ? form.dataset.gone : form.dataset.offline), true);
      return next ? Again : null;
    }
    form.elements.version.value = answer.version;
    if (text.value === sent) kept.forget(); else keep(false);
    say(form.dataset.saved.replace("{0}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })), false, true);
    const top = preview.scrollTop;
    preview.innerHTML = answer.html;
    preview.scrollTop = top;
    follow();
    return Pause;
  }

  // What is chosen to be inserted is sent when it is inserted.
  function fields() {
    const all = new FormData(form);
    all.delete("file");
    return all;
  }

  const adding = form.querySelector(".writing-file");
  const [trouble, progress] = [adding.querySelector("[data-file-trouble]"), adding.querySelector("[data-file-state]")];
  const choose = file => {
    const chosen = new DataTransfer();
    chosen.items.add(file);
    form.elements.file.files = chosen.files;
    adding.open = true;
    form.elements.alt.focus();
  };
  // Who copies cells or a paragraph means the text, though office programs add a picture of it.
  text.addEventListener("paste", event => {
    if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    choose(event.clipboardData.files[0]);
  });
  for (const name of ["dragenter", "dragover", "drop"]) {
    text.addEventListener(name, event => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      if (name === "drop" && event.dataTransfer.files[0]) choose(event.dataTransfer.files[0]);
    });
  }
  form.elements.alt.addEventListener("keydown", event => {
    if (event.key === "Enter") { event.preventDefault(); adding.querySelector("button").click(); }
  });

  async function insert(button) {
    const sent = new FormData(), file = form.elements.file.files[0], alt = form.elements.alt.value;
    for (const name of ["__RequestVerificationToken", "alt"]) sent.append(name, form.elements[name].value);
    if (file) sent.append("file", file);
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    trouble.textContent = "";
    progress.textContent = progress.dataset.sending;
    let answer = null, status = 0;
    try {
      const response = await fetch(form.dataset.files, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "manual" });
      status = response.type === "opaqueredirect" ? 401 : response.status;
      answer = await response.json();
    } catch { /* Said below. */ }
    button.ariaDisabled = null;
    progress.textContent = answer?.markdown ? progress.dataset.done : "";
    if (!answer?.markdown) {
      trouble.textContent = answer?.refusal ?? (lost(status) ? form.dataset.gone : form.dataset.offline);
      (form.elements.file.files[0] ? form.elements.alt : form.elements.file).focus();
      return;
    }
    const held = adding.contains(document.activeElement) ? document.activeElement : null;
    place(answer.markdown);
    // The next picture was chosen while this one was on its way: it stays, and the hand stays at it.
    if (form.elements.file.files[0] !== file || form.elements.alt.value !== alt) return held?.focus();
    form.elements.file.value = form.elements.alt.value = "";
    adding.open = false;
  }

  const outline = new Outline(form.querySelector("[data-outline]"), text, at => {
    text.focus({ preventScroll: true });
    text.setSelectionRange(at, at);
    reveal(at);
    follow();
  });

  // The preview shows the section in which one writes.
  function follow() {
    const count = outline.section;
    const heading = count > 0 ? preview.querySelectorAll("h2")[count - 1] : null;
    preview.scrollTo({ top: heading ? heading.offsetTop - preview.offsetTop - 8 : 0 });
  }

  // No browser tells where a letter of a text area is: a copy that is as wide does.
  function reveal(at) {
    const copy = Object.assign(document.createElement("div"), { className: "writing-copy", textContent: text.value.slice(0, at) + "|" });
    copy.style.width = `${text.clientWidth}px`;
    text.after(copy);
    const line = Number.parseFloat(getComputedStyle(copy).lineHeight);
    const top = copy.clientHeight - Number.parseFloat(getComputedStyle(copy).paddingBottom) - line;
    copy.remove();
    text.scrollTop = top - line;
    // On a phone the field may be taller than what its keyboard leaves of the window.
    const [seen, header] = [text.getBoundingClientRect().top + top - text.scrollTop, full.isOn ? 0 : document.querySelector("header")?.offsetHeight ?? 0];
    if (seen < header || seen > (visualViewport?.height ?? innerHeight) / 2) (full.isOn ? form : window).scrollBy({ top: seen - header - 2 * line, behavior: "instant" });
  }

  const tools = form.querySelector(".writing-tools");
  const full = new FullScreen(form, tools.querySelector("[data-tool=full]"), () => { if (document.activeElement === text) reveal(text.selectionStart); });
  const linking = new Linking(document.querySelector("[data-linking]"), target => {
    // In the moment in which a dialog closes, Chromium knows of no selection behind it.
    text.focus();
    text.setSelectionRange(...picked);
    place(linkOf(text.value.slice(...picked), target));
  });
  tools.hidden = false;
  tools.addEventListener("click", event => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool) mark(tool);
  });
  text.addEventListener("keydown", event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const tool = { b: "bold", i: "italic", k: "pick" }[event.key.toLowerCase()];
    if (tool) { event.preventDefault(); mark(tool); }
    if (event.key.toLowerCase() === "s") { event.preventDefault(); save(); }
  });

  function mark(tool) {
    if (tool === "full") { full.turn(!full.isOn); return; }
    const [from, to] = picked = [text.selectionStart, text.selectionEnd];
    const chosen = text.value.slice(from, to);
    if (tool === "pick") { linking.open(chosen); return; }
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

  // Nobody writes in the details on purpose here: what would break them comes to the end.
  function place(markdown) {
    text.focus();
    const inDetails = text.selectionStart < (text.value.match(Details)?.[0].length ?? 1);
    if (inDetails) put(`${text.value.endsWith("\n") ? "" : "\n"}\n${markdown}\n`, text.value.length, text.value.length);
    else put(markdown, text.selectionStart, text.selectionEnd);
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
