// The topics beside a log and the head of the one that is shown, fetched afresh when something about them changed, which is rare.
import { hub } from "./hub.js";

export class Topics {
  #waiting = 0; #turn = 0;

  constructor(room) {
    this.room = room;
    // Two who talk alone have none.
    this.any = document.querySelector(".topics") !== null;
    // One topic beside what it is about stands without the list of all.
    if (!this.any && !room.dataset.topic) return;
    hub.addEventListener("TopicsChanged", ({ detail }) => detail.conversation === room.name && this.refresh());
    // What was told while this page was away, or while it was slow to come, is seen by looking.
    room.addEventListener("subscribed", ({ detail }) => !detail.isFresh && this.refresh());
  }

  /** Whether the reader wants to hear nothing of a topic. */
  mutes(slug) { return this.#link(slug)?.hasAttribute("data-muted") ?? false; }

  /** A message came: a topic that is not yet in the list comes into it, and a resolved one says that something was written since. */
  came(article, here) {
    if (!this.any) return;
    if (!this.#link(article.dataset.topic)) this.refresh();
    const since = here && this.room.dataset.topic && document.querySelector(".topic-since");
    if (!since) return;
    const count = since.dataset.count = Number(since.dataset.count) + 1;
    since.textContent = (count === 1 ? since.dataset.one : since.dataset.other).replace("{0}", count);
    since.hidden = false;
  }

  // All who watch hear it in the same moment and must not ask in the same moment.
  refresh() { this.#waiting ||= setTimeout(() => this.#fetch(), 50 + Math.random() * 450); }

  async #fetch() {
    this.#waiting = 0;
    const turn = ++this.#turn;
    const { topic } = this.room.dataset;
    const room = `/rooms/${encodeURIComponent(this.room.name)}`;
    const answer = await fetch(`${room}/topics?topic=${encodeURIComponent(topic ?? "")}`, { cache: "no-store" }).catch(() => null);
    if (turn !== this.#turn || !this.room.living) return;
    if (!answer || answer.status === 429 || answer.status >= 500) setTimeout(() => this.refresh(), 5000);
    if (!answer?.ok) return;
    const html = await answer.text();
    if (turn !== this.#turn) return;
    const now = new URL(answer.url).searchParams.get("topic");
    // Renamed, or moved as a whole: this page belongs to the other address from now on. What is typed is kept by the composer.
    if (topic && now !== topic) return "beside" in this.room.dataset ? location.reload() : location.replace(`${room}/${encodeURIComponent(now)}`);
    const parts = new DOMParser().parseFromString(html, "text/html");
    this.#put(".topics", parts);
    if (topic) this.#put(".topic-head", parts);
    this.room.reading.moved();
  }

  // The hand stays where it was, and what was open stays open.
  #put(selector, parts) {
    const before = document.querySelector(selector), after = parts.querySelector(selector);
    if (!before || !after) return;
    const held = before.contains(document.activeElement) ? document.activeElement : null;
    for (const open of before.matches("details[open]") ? [before, ...before.querySelectorAll("details[open]")] : before.querySelectorAll("details[open]")) {
      const same = open === before ? after : after.querySelector(`details.${open.classList[0]}`);
      if (same) same.open = true;
    }
    before.replaceWith(after);
    if (!held) return;
    const same = held.id ? after.querySelector(`#${CSS.escape(held.id)}`)
      : held.dataset.slug ? this.#link(held.dataset.slug)
      : held.name ? after.querySelector(`[name="${CSS.escape(held.name)}"]`)
      : held.matches("summary") ? after.querySelector(`details.${held.parentElement.classList[0]} > summary`) : null;
    (same ?? after.querySelector("a, button, summary"))?.focus({ preventScroll: true });
  }

  #link(slug) { return document.querySelector(`.topic-link[data-slug="${CSS.escape(slug)}"]`); }
}
