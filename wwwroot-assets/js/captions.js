// Captions under the stage: lines come as they are typed, in the language that the reader chose.
import { partOf, putLines } from "./parts.js";

export class Captions {
  #page; #wish;

  constructor(page) {
    this.#page = page;
    this.#wish = new URLSearchParams(location.search).get("captions") ?? "";
    this.#dress();
    page.addEventListener("change", event => {
      if (event.target.id !== "captions") return;
      this.#wish = event.target.value;
      // A reload keeps the choice.
      const address = new URL(location.href);
      address.searchParams.set("captions", this.#wish);
      history.replaceState(null, "", address);
      this.#dress();
    });
    page.addEventListener("submit", event => event.target.matches(".captions-choice") && event.preventDefault());
  }

  get #section() { return this.#page.querySelector(".stage-captions"); }

  #dress() {
    const blocks = [...this.#section.querySelectorAll("[data-captions]")], languages = blocks.map(one => one.dataset.captions);
    const read = this.#wish === "off" ? null : [this.#wish, this.#page.dataset.language, languages[0]].find(one => languages.includes(one)) ?? null;
    for (const one of blocks) one.hidden = one.dataset.captions !== read;
    const choice = this.#section.querySelector("select");
    choice.value = read ?? "off";
    this.#section.querySelector(".captions-show").hidden = true;
  }

  put(html) {
    const young = partOf(html, ".stage-captions"), old = this.#section;
    if (!young) return;
    old.hidden = young.hidden;
    for (const block of young.querySelectorAll("[data-captions]")) {
      const there = old.querySelector(`[data-captions="${CSS.escape(block.dataset.captions)}"]`);
      if (!there) {
        old.querySelector(".captions-choice").before(block);
        continue;
      }
      // An answer that was under way may be older than what came meanwhile.
      const last = one => Number(one.lastElementChild?.dataset.line ?? 0);
      if (last(block) < last(there)) continue;
      putLines(there, block);
    }
    const [before, after] = [old.querySelector("select"), young.querySelector("select")];
    if (before.options.length !== after.options.length) before.replaceChildren(...after.children);
    this.#dress();
  }
}
