// What one selects in the text stands in the form of remarks at once, and the passages of open remarks are marked in the text.
const text = document.querySelector("[data-remarkable]");
const form = document.querySelector("[data-remark]");
if (text && form) {
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.isCollapsed || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return;
    const words = selection.toString().trim();
    if (!words || words.length > form.elements.words.maxLength) return;
    form.elements.words.value = words;
    const section = selection.getRangeAt(0).startContainer.parentElement.closest("section");
    form.elements.section.value = section?.getAttribute("aria-labelledby").slice(2) ?? "";
  });
}

if (text && CSS.highlights) {
  const marked = new Highlight();
  for (const remark of document.querySelectorAll(".remark[data-key]")) {
    const quote = remark.querySelector(".quote-words, del")?.lastChild?.textContent;
    const place = remark.dataset.key ? text.querySelector(`[aria-labelledby="s-${CSS.escape(remark.dataset.key)}"]`) : text;
    const range = quote && place && find(place, letters(quote));
    if (range) marked.add(range);
  }
  CSS.highlights.set("remark", marked);
}

function letters(words) { return words.replace(/\]\([^)\n]*\)/g, "").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase(); }

// The same rule as the server's: only letters and digits count.
function find(place, wanted) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  const places = [];
  let said = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (let at = 0; at < node.data.length; at++)
      if (/[\p{L}\p{N}]/u.test(node.data[at])) {
        said += node.data[at].toLowerCase()[0];
        places.push([node, at]);
      }
  const at = wanted ? said.indexOf(wanted) : -1;
  if (at < 0) return null;
  const range = new Range();
  range.setStart(...places[at]);
  const [node, end] = places[at + wanted.length - 1];
  range.setEnd(node, end + 1);
  return range;
}
