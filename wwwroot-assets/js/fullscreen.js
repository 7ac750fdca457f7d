// The form takes the whole window. Nothing moves in the document, so nothing that was typed is touched; what lies behind is meanwhile out of reach for keys and screen readers too.
export class FullScreen {
  #behind = []; #top = 0;

  /** @param turned Is told afterwards. */
  constructor(form, button, turned) {
    this.form = form;
    this.button = button;
    this.turned = turned;
    addEventListener("keydown", event => {
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
      const isKey = event.key === "Enter" && event.shiftKey && (event.ctrlKey || event.metaKey) && !event.altKey;
      if (!isKey && !(this.isOn && event.key === "Escape")) return;
      event.preventDefault();
      this.turn(isKey ? !this.isOn : false);
    });
  }

  get isOn() { return this.button.ariaPressed === "true"; }

  turn(on) {
    if (on === this.isOn) return;
    if (on) this.#top = scrollY;
    this.button.ariaPressed = String(on);
    this.form.classList.toggle("writing-full", on);
    document.documentElement.classList.toggle("writing-over", on);
    for (const one of this.#behind) one.inert = false;
    this.#behind = [];
    for (let at = this.form; on && at !== document.body; at = at.parentElement) {
      for (const one of at.parentElement.children) {
        if (one === at || one.inert || one.matches("dialog, script, style")) continue;
        one.inert = true;
        this.#behind.push(one);
      }
    }
    // What has the focus may lie behind now.
    if (on && !this.form.contains(document.activeElement)) this.form.querySelector("textarea")?.focus({ preventScroll: true });
    if (!on) scrollTo({ top: this.#top, behavior: "instant" });
    this.turned();
  }
}
