// The pinned messages above a log, fetched afresh when other ones are pinned or one of them changed, which is rare.
import { hub } from "./hub.js";

export class Pins {
  #waiting = 0; #turn = 0;

  constructor(room) {
    this.room = room;
    if (!this.list) return;
    hub.addEventListener("PinsChanged", ({ detail }) => detail.conversation === room.name && this.refresh());
    // What was told while this page was away, or while it was slow to come, is seen by looking.
    room.addEventListener("subscribed", ({ detail }) => !detail.isFresh && this.refresh());
  }

  get list() { return this.room.querySelector(".pins"); }

  /** A message changed: its beginning may stand among the pinned ones. */
  changed(seq) { if (this.list?.querySelector(`[data-pinned="${seq}"]`)) this.refresh(); }

  // All who watch hear it in the same moment and must not ask in the same moment.
  refresh() { this.#waiting ||= setTimeout(() => this.#fetch(), 50 + Math.random() * 450); }

  async #fetch() {
    this.#waiting = 0;
    const turn = ++this.#turn;
    const answer = await fetch(`/rooms/${encodeURIComponent(this.room.name)}/pins`, { cache: "no-store" }).catch(() => null);
    if (turn !== this.#turn || !this.room.living) return;
    if (!answer || answer.status === 429 || answer.status >= 500) setTimeout(() => this.refresh(), 5000);
    if (!answer?.ok) return;
    const html = await answer.text();
    if (turn !== this.#turn) return;
    const after = new DOMParser().parseFromString(html, "text/html").querySelector(".pins");
    const before = this.list;
    if (!before || !after) return;
    const held = before.contains(document.activeElement);
    after.open = before.open;
    before.replaceWith(after);
    if (held) (after.hidden ? this.room.log : after.querySelector("summary")).focus({ preventScroll: true });
    this.room.reading.moved();
  }
}
