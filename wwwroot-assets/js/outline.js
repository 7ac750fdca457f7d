// The headings of a text that is being written, beside it: where one is in it, and a way to each.
const Pause = 150;
// Beyond so many a list is no overview any more.
const Most = 300;
// The front matter; while it is not closed, all of it.
export const Details = /^\uFEFF?---\n[^]*?(\n---[ \t]*(\n|$)|$)/;
const AsItIs = /^<(pre|script|style|textarea)([ \t>]|$)/i;

/** The headings that readers will see, as Sections in Core has them, and those one step below: where each line begins, how deep it is and what it says. */
export function headingsOf(text) {
  const found = [];
  let fence = "", until = "";
  for (let from = text.match(Details)?.[0].length ?? 0, to; from < text.length; from = to + 1) {
    to = text.indexOf("\n", from);
    if (to < 0) to = text.length;
    const line = text.slice(from, to);
    if (until) {
      if (line.toLowerCase().includes(until)) until = "";
      continue;
    }
    const begin = line.replace(/^ +/, "");
    if (line.length - begin.length > 3) continue;
    const row = begin.match(/^(`+|~+)/)?.[0] ?? "";
    if (fence) {
      if (row.length >= fence.length && row[0] === fence[0] && !begin.slice(row.length).trim()) fence = "";
      continue;
    }
    if (row.length >= 3 && (row[0] === "~" || !begin.slice(row.length).includes("`"))) {
      fence = row;
      continue;
    }
    const end = begin.startsWith("<!--") ? "-->" : AsItIs.test(begin) ? `</${begin.match(AsItIs)[1].toLowerCase()}>` : "";
    if (end) {
      if (!begin.slice(1).toLowerCase().includes(end)) until = end;
      continue;
    }
    const level = line.match(/^#{2,3}(?=[ \t]|$)/)?.[0].length;
    if (level) found.push({ at: from, level, words: wordsOf(line.slice(level)) });
  }
  return found;
}

// A closing row of # is no part of a heading, and marks are not read.
function wordsOf(line) {
  const words = line.trim();
  let end = words.length;
  while (words[end - 1] === "#") end--;
  const said = end === 0 || words[end - 1] === " " || words[end - 1] === "\t" ? words.slice(0, end) : words;
  return said.trim().slice(0, 200).replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*`]/g, "");
}

export class Outline {
  #heads = []; #shown = null; #waiting = 0;

  /** @param go Goes to this place of the text. */
  constructor(nav, text, go) {
    this.text = text;
    this.list = nav.querySelector("[data-headings]");
    this.none = nav.querySelector("[data-no-headings]");
    nav.hidden = false;
    const [folded, wide] = [nav.querySelector("details"), matchMedia("(width >= 1100px)")];
    folded.open = wide.matches;
    text.addEventListener("input", () => { clearTimeout(this.#waiting); this.#waiting = setTimeout(() => this.read(), Pause); });
    for (const moved of ["keyup", "click", "focus"]) text.addEventListener(moved, () => this.#mark());
    this.list.addEventListener("click", event => {
      const item = event.target.closest("li");
      if (!item) return;
      const place = [...this.list.children].indexOf(item);
      // The last keys may not be counted yet.
      this.read();
      if (!this.#heads[place]) return;
      // Above the text it would be in its way.
      if (!wide.matches) folded.open = false;
      go(this.#heads[place].at);
      this.#mark();
    });
    this.read();
  }

  /** The sections before the caret, counting the one in which it stands. */
  get section() { return this.#heads.filter(head => head.level === 2 && head.at <= this.text.selectionStart).length; }

  read() {
    clearTimeout(this.#waiting);
    this.#heads = headingsOf(this.text.value);
    const shown = JSON.stringify(this.#heads.slice(0, Most).map(({ level, words }) => [level, words]));
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#draw();
    }
    this.#mark();
  }

  // What stays is not made anew: somebody may be on it.
  #draw() {
    const heads = this.#heads.slice(0, Most);
    this.none.hidden = heads.length > 0;
    while (this.list.children.length > heads.length) this.list.lastChild.remove();
    for (const [place, { level, words }] of heads.entries()) {
      const item = this.list.children[place] ?? this.list.appendChild(document.createElement("li"));
      const button = item.firstChild ?? item.appendChild(Object.assign(document.createElement("button"), { type: "button" }));
      item.dataset.level = level;
      button.textContent = words || "…";
    }
  }

  #mark() {
    const here = this.#heads.findLastIndex(head => head.at <= this.text.selectionStart);
    for (const [place, item] of [...this.list.children].entries()) {
      if (place === here) item.firstChild.setAttribute("aria-current", "true");
      else item.firstChild.removeAttribute("aria-current");
    }
  }
}
