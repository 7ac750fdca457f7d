// Translating section by section: what is typed is kept here until it is stored, and stands in its section again when one comes back. Where something else stands there by then, it stands beside.
import { Kept } from "./keeping.js";

const form = document.querySelector("form[data-translating]");
if (form) translate(form);

function translate(form) {
  const kept = new Kept(form.dataset.store);
  const source = form.elements.source.value;
  const fields = [...form.querySelectorAll("[data-words]")];
  const state = form.querySelector("[data-found-state]");
  const offered = [];

  // Blanks and line ends are another matter to a database than to a person.
  const same = (one, other) => one.trim().split(/\s+/).join(" ") === other.trim().split(/\s+/).join(" ");
  const stored = field => field.dataset.stored ?? field.defaultValue;
  const beside = (field, what) => form.elements[field.name.startsWith("text.") ? field.name.replace("text", what) : `${what}-${field.name}`];
  const isMachines = field => beside(field, "machine") !== undefined && same(beside(field, "machine").value, field.value);
  // What the machine said is nobody's words; what stood there before it is.
  const typed = field => isMachines(field) ? beside(field, "former")?.value ?? stored(field) : field.value;
  const isTyped = field => !same(typed(field), stored(field));
  const fieldOf = one => fields.find(field => field.name === one.name);
  const isThere = one => { const field = fieldOf(one); return field !== undefined && [stored(field), typed(field)].some(words => same(words, one.value)); };
  const all = words => [...words.fields, ...words.offered];

  const keep = () => {
    const changed = fields.filter(isTyped).map(field => ({ name: field.name, value: typed(field), was: stored(field), source }));
    if (changed.length + offered.length > 0) kept.keep({ fields: changed, offered });
    else kept.forget();
  };

  for (const other of kept.others(words => !all(words).every(isThere))) {
    for (const one of all(other.words)) if (!isThere(one)) restore(one);
    kept.take(other);
  }
  keep();
  form.addEventListener("input", keep);
  addEventListener("pagehide", keep);

  function restore(one) {
    const field = fieldOf(one);
    state.textContent = state.dataset.foundState;
    // Written on what stands here, beside the original that stands here: it is what its writer would see had the page stayed open.
    if (!field || isTyped(field) || isMachines(field) || one.source !== source || !same(one.was, stored(field))) { offer(one, field); return; }
    field.value = one.value;
    field.after(form.querySelector("[data-found-here]").content.cloneNode(true));
  }

  function offer(one, field) {
    if (offered.some(other => other.name === one.name && same(other.value, one.value))) return;
    offered.push(one);
    const box = form.querySelector("[data-found-beside]").content.firstElementChild.cloneNode(true);
    const [words, put] = [box.querySelector("textarea"), box.querySelector("[data-put]")];
    const end = () => {
      offered.splice(offered.indexOf(one), 1);
      box.remove();
      (field ?? form.querySelector(".writing-acts button")).focus();
    };
    words.value = one.value;
    put.hidden = !field;
    put.addEventListener("click", () => {
      const former = isTyped(field) && !isMachines(field) ? field.value : null;
      field.value = one.value;
      // They change places, so that nothing is lost by looking.
      if (former === null) end();
      else words.value = one.value = former;
      keep();
    });
    box.querySelector("[data-forget]").addEventListener("click", () => { end(); keep(); });
    if (field) field.closest(".field").after(box);
    else form.querySelector(".writing-acts").before(box);
  }
}
