// Finding what a text is to link to. The text stays as it is until something is chosen.
const Pause = 200;

/** The markdown of a link. What was selected is its text, else the title; neither ends the link before its end. */
export function linkOf(chosen, { title, address }) {
  const words = chosen.trim(), at = chosen.indexOf(words);
  if (!words) return `${chosen}[${title.replace(/\s+/g, " ").replace(/[\\[\]`*_~|<>&]/g, "\\$&")}](${address})`;
  // A picture may be linked as it is. An empty line would make two paragraphs of one link.
  const text = /^!\[[^\][]*\]\([^\s()]*\)$/.test(words) ? words
    : words.replace(/\n\s*\n/g, "\n").replace(/(`+)(?!`)[^]*?[^`]\1(?!`)|\\[^]?|[[\]]/g, sign => sign.length > 1 ? sign : `\\${sign}`);
  return `${chosen.slice(0, at)}[${text}](${address})${chosen.slice(at + words.length)}`;
}

export class Linking {
  #under = null; #waiting = 0; #targets = []; #active = -1;

  /** @param insert Puts what was chosen into the text. */
  constructor(dialog, insert) {
    this.dialog = dialog;
    this.insert = insert;
    this.field = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.state = dialog.querySelector("[data-linking-state]");
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", event => this.#key(event));
    dialog.addEventListener("keydown", event => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") event.preventDefault();
    });
    dialog.addEventListener("click", event => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(Number(option.dataset.place));
      else if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("close", () => this.#stop());
  }

  /** @param chosen What is selected in the text: probably what is looked for. */
  open(chosen) {
    const words = chosen.trim();
    this.field.value = words.includes("\n") ? "" : words.slice(0, this.field.maxLength);
    this.#say("hint");
    this.dialog.showModal();
    this.field.select();
    this.#typed();
  }

  #typed() {
    this.#stop();
    const words = this.field.value.trim();
    // What was found for other words is not chosen by accident.
    this.#activate(-1);
    if (/^https?:\/\/\S+$/i.test(words)) {
      const address = words.replace(/[()<>\\]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
      this.#show([["address", [{ title: words, address, about: "" }]]]);
    } else if (!/[\p{L}\p{N}]/u.test(words)) this.#say("hint");
    else this.#waiting = setTimeout(() => this.#find(words), Pause);
  }

  async #find(words) {
    this.#stop();
    const under = this.#under = new AbortController();
    this.state.textContent = this.dialog.dataset.searching;
    let answer = null, status = 0;
    try {
      const response = await fetch(`${this.dialog.dataset.links}&q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" }, redirect: "manual", signal: under.signal });
      status = response.type === "opaqueredirect" ? 401 : response.status;
      answer = await response.json();
    } catch { /* Said below. */ }
    if (under.signal.aborted) return;
    if (answer?.practices) this.#show([["practices", answer.practices], ["rooms", answer.rooms], ["people", answer.people]]);
    else this.#say(status === 401 ? "gone" : "trouble", answer?.refusal);
  }

  #stop() {
    clearTimeout(this.#waiting);
    this.#under?.abort();
  }

  #say(what, sentence) {
    this.#targets = [];
    this.list.replaceChildren();
    this.list.hidden = true;
    this.field.ariaExpanded = "false";
    this.state.textContent = sentence ?? this.dialog.dataset[what];
    this.state.classList.toggle("field-error", what === "trouble" || what === "gone");
  }

  #show(groups) {
    this.#say("none");
    for (const [kind, targets] of groups.filter(([, found]) => found.length > 0)) {
      const group = this.list.appendChild(made("div", "linking-group"));
      group.role = "group";
      group.ariaLabel = this.dialog.dataset[kind];
      const head = group.appendChild(made("div", "linking-kind", this.dialog.dataset[kind]));
      head.ariaHidden = "true";
      for (const target of targets) {
        const option = group.appendChild(made("div", "linking-option"));
        option.role = "option";
        option.ariaSelected = "false";
        option.dataset.place = this.#targets.length;
        option.id = `linking-${this.#targets.length}`;
        const title = option.appendChild(made("span", "linking-title", target.title));
        if (target.language) title.lang = target.language;
        if (target.about) {
          const about = option.appendChild(made("span", "meta", target.about));
          if (kind === "rooms") about.lang = target.language;
        }
        this.#targets.push(target);
      }
    }
    if (this.#targets.length === 0) return;
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.field.ariaExpanded = "true";
    this.state.textContent = this.dialog.dataset.count.replace("{0}", this.#targets.length);
    this.#activate(0);
  }

  #activate(place) {
    this.#active = place;
    for (const option of this.list.querySelectorAll("[role=option]")) option.ariaSelected = String(Number(option.dataset.place) === place);
    const option = place < 0 ? null : document.getElementById(`linking-${place}`);
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
    // With its heading, where it is the first one.
    (place === 0 ? this.list.firstChild : option)?.scrollIntoView({ block: "nearest" });
    option?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#targets.length > 0) {
      event.preventDefault();
      const from = this.#active < 0 && step < 0 ? 0 : this.#active;
      this.#activate((from + step + this.#targets.length) % this.#targets.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.#active >= 0) this.#choose(this.#active);
    }
  }

  #choose(place) {
    const target = this.#targets[place];
    this.dialog.close();
    this.insert(target);
  }
}

function made(name, className, textContent = "") { return Object.assign(document.createElement(name), { className, textContent }); }
