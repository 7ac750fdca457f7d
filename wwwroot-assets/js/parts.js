// What the server rendered anew, put in place of what stands in the page.

/** A part of an answer. */
export function partOf(html, selector) {
  const shell = document.createElement("template");
  shell.innerHTML = html; // rendered and sanitised by the server; scripts are forbidden by the page's policy besides
  return shell.content.querySelector(selector);
}

/** Only what is another one is replaced: nobody is thrown out of a slide because somebody raised a hand. */
export function putParts(before, after, parts, isSame = (old, young) => old.innerHTML === young.innerHTML, dress = () => {}) {
  let place = null;
  for (const part of parts) {
    const [old, young] = [before.querySelector(part), after.querySelector(part)];
    if (old && young && isSame(old, young)) { old.dataset.version = young.dataset.version ?? ""; place = old; continue; }
    if (young) dress(young);
    if (old && young) old.replaceWith(young);
    else if (young && place) place.after(young);
    else if (young) before.prepend(young);
    else old?.remove();
    place = young ?? place;
  }
  for (const { name, value } of after.attributes) before.setAttribute(name, value);
}

/** Lines that stand there stay, so that only new ones are read aloud; those that are no more among the newest go. */
export function putLines(old, young) {
  const keep = new Set([...young.children].map(one => one.dataset.line));
  for (const one of [...old.children]) if (!keep.has(one.dataset.line)) one.remove();
  for (const one of [...young.children]) if (!one.dataset.line || !old.querySelector(`[data-line="${CSS.escape(one.dataset.line)}"]`)) old.append(one);
}

/** Each page brings a new token, with which all its forms are sent from then on. */
export function takeToken(page, told) {
  const token = told?.querySelector("input[name=__RequestVerificationToken]")?.value;
  if (token) for (const one of page.querySelectorAll("input[name=__RequestVerificationToken]")) one.value = token;
}
