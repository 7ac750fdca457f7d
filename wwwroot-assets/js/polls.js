// Voting: what a reader chose, and a result that only voters see, stay in the page whatever comes for everybody.
import { hub, Offline } from "./hub.js";

export class Polls {
  #chosen = new Map(); #own = new Map();

  constructor(room) { this.room = room; }

  /** A message that is about to be shown, or is there from the beginning. */
  dress(article) {
    const poll = article.querySelector(".poll");
    if (!poll) return;
    const seq = poll.dataset.poll;
    if (poll.dataset.chosen) this.#learn(poll);
    const own = "hidden" in poll.dataset && this.#chosen.get(seq) && this.#own.get(seq)?.cloneNode(true);
    if (!own) return this.#mark(poll);
    own.querySelector("[data-part=foot] span").replaceWith(poll.querySelector("[data-part=foot] span"));
    for (const time of own.querySelectorAll("time")) time.textContent = this.room.when(new Date(time.dateTime));
    poll.replaceWith(own);
    this.#mark(own);
  }

  /** Who has a choice in hand keeps it, and the place: only what stands around it is renewed. Answers false where the whole message has to be. */
  renew(before, after) {
    const old = before.querySelector(".poll"), now = after.querySelector(".poll");
    if (!now) return false;
    const held = old?.contains(document.activeElement) && document.activeElement.matches("input, button") && now.querySelector("input");
    if (!held) { this.#carry(old, now); return false; }
    for (const part of now.querySelectorAll("[data-part]")) old.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceWith(part.cloneNode(true));
    const around = [...after.children], place = around.indexOf(now);
    while (old.previousSibling) old.previousSibling.remove();
    while (old.nextSibling) old.nextSibling.remove();
    old.before(...around.slice(0, place));
    old.after(...around.slice(place + 1));
    for (const { name, value } of after.attributes) before.setAttribute(name, value);
    return true;
  }

  /** Does what a button or link of a poll says; answers false where it is none of them. */
  does(act) {
    const seq = act.dataset.poll ?? act.value;
    if (act.dataset.act === "result") this.#load(seq);
    else if (act.name === "vote") this.#send("Vote", seq, { choices: this.#inputs(seq).filter(input => input.checked).map(input => Number(input.value)) });
    else if (act.name === "withdraw") this.#send("Withdraw", seq);
    else if (act.name === "end-poll") this.#send("EndPoll", seq);
    else return false;
    return true;
  }

  async #send(target, seq, more) {
    try {
      const mine = await hub.call(target, { conversation: this.room.name, seq: Number(seq), ...more });
      this.room.settle();
      if (!mine) return;
      this.#chosen.set(seq, mine.chosen.join(" "));
      const poll = this.#poll(seq);
      if (mine.chosen.length === 0) for (const input of this.#inputs(seq)) input.checked = false;
      if (poll) this.#mark(poll);
      this.#hear(mine.chosen.length > 0 ? this.room.dataset.counted : this.room.dataset.takenBack);
      if (mine.poll.results === "afterVote" && !mine.poll.endedAt) await this.#load(seq);
    } catch (error) {
      this.room.say(error instanceof Offline ? this.room.dataset.lost : error.message, "refused");
    }
  }

  // The poll as its reader may see it: what is not for everybody comes by a request of one's own.
  async #load(seq) {
    const answer = await fetch(`/rooms/${encodeURIComponent(this.room.name)}/polls/${seq}`, { cache: "no-store" }).catch(() => null);
    const before = this.#poll(seq);
    if (!answer?.ok || !before) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".poll");
    if (!now) return;
    for (const time of now.querySelectorAll("time")) time.textContent = this.room.when(new Date(time.dateTime));
    this.#own.delete(seq);
    this.#learn(now);
    this.#mark(now);
    const held = before.contains(document.activeElement) ? document.activeElement : null;
    this.room.quietly(() => before.replaceWith(now));
    if (held) (now.querySelector(held.name ? `[name="${held.name}"][value="${held.value}"]` : "[data-act=result]") ?? now.querySelector("button, a"))?.focus({ preventScroll: true });
  }

  #learn(poll) {
    const seq = poll.dataset.poll;
    this.#chosen.set(seq, poll.dataset.chosen ?? "");
    if (poll.dataset.results === "AfterVote" && !("hidden" in poll.dataset) && !("ended" in poll.dataset)) this.#own.set(seq, poll.cloneNode(true));
  }

  #mark(poll) {
    const chosen = this.#chosen.get(poll.dataset.poll) ?? "", numbers = chosen.split(" ");
    if (chosen) poll.dataset.chosen = chosen; else delete poll.dataset.chosen;
    if (chosen) for (const input of poll.querySelectorAll("input")) input.checked = numbers.includes(input.value);
    for (const option of poll.querySelectorAll("[data-option]")) option.querySelector(".poll-mine").hidden = !numbers.includes(option.dataset.option);
  }

  // A choice that is not yet sent is not taken out of anybody's hands by the votes of others.
  #carry(old, now) {
    for (const input of now.querySelectorAll("input")) {
      const same = old?.querySelector(`input[value="${input.value}"]`);
      if (same) input.checked = same.checked;
    }
  }

  #poll(seq) { return document.getElementById(`m-${seq}`)?.querySelector(".poll"); }
  #inputs(seq) { return [...(this.#poll(seq)?.querySelectorAll("input") ?? [])]; }
  #hear(sentence) { this.room.querySelector(".poll-heard").textContent = sentence; }
}
