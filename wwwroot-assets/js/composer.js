// Writing: what is typed is kept until the server has it on disk, and comes back into the hands of who wrote it when it is refused.
import { hub, Offline } from "./hub.js";
import { Attaching } from "./attaching.js";

// The next page may have been written before a draft that is saved now: it finds the text in the browser. A download takes nobody away.
let leaving = false;
addEventListener("beforeunload", () => { leaving = true; setTimeout(() => leaving = false, 10_000); });

export class Composer {
  constructor(room, form) {
    this.room = room;
    this.form = form;
    this.text = form.querySelector("textarea");
    this.store = `vet:${room.dataset.me}:${room.name}`;
    this.text.addEventListener("keydown", event => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
      if (event.key === "Escape" && this.form.elements.reply?.value) this.answer(null);
    });
    // An edit is a page of its own.
    if (!form.elements.key) return;
    // Only what the server does not have yet lies here, so it is the newer one; empty where the text was sent meanwhile.
    if (this.unsaved !== null) this.text.value = this.unsaved;
    this.#fit();
    this.text.addEventListener("input", () => this.typed());
    this.attaching = new Attaching(this);
    form.addEventListener("submit", event => { event.preventDefault(); if (event.submitter?.name === "go") this.goOn(event.submitter); else this.send(); });
    for (const post of this.waiting) this.#show(post);
  }

  get waiting() { return JSON.parse(localStorage.getItem(`${this.store}:waiting`) ?? "[]"); }
  set waiting(posts) { localStorage.setItem(`${this.store}:waiting`, JSON.stringify(posts)); }

  get unsaved() { return localStorage.getItem(`${this.store}:draft`); }

  typed() {
    this.#fit();
    localStorage.setItem(`${this.store}:draft`, this.text.value);
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.#save(), 800);
    if (this.text.value && performance.now() - (this.told ?? -9e9) > 3000) {
      this.told = performance.now();
      hub.call("Typing", this.room.name).catch(() => {});
    }
  }

  /** Answers a message, or none. */
  answer(article) {
    const { reply, topic } = this.form.elements;
    const line = this.form.querySelector(".composer-reply");
    reply.value = article?.dataset.seq ?? "";
    line.hidden = article === null;
    if (article) line.querySelector("b").textContent = article.querySelector(".message-author").textContent;
    // Back to where the page stands: the next thought must not follow the last one into its topic.
    if (topic) topic.value = article?.querySelector(".message-topic")?.textContent ?? topic.defaultValue;
    this.text.focus();
  }

  send() {
    const markdown = this.text.value;
    if (this.text.readOnly || !(markdown.trim() || this.attaching.some) || this.attaching.holdsBack(() => this.send())) return;
    const files = this.attaching.take();
    const { topic, reply } = this.form.elements;
    const post = { conversation: this.room.name, clientKey: newKey(), topic: topic?.value || null, markdown, replyToSeq: Number(reply.value) || null, attachments: files.map(file => file.id) };
    post.files = files;
    this.waiting = [...this.waiting, post];
    this.text.value = "";
    this.#fit();
    this.answer(null);
    localStorage.setItem(`${this.store}:draft`, "");
    clearTimeout(this.saving);
    this.told = undefined;
    this.#show(post);
    this.room.reading.toEnd();
    this.#post(post);
    this.#save();
  }

  /** To a page on which the text is used otherwise: it finds the text as the draft. */
  async goOn({ dataset: { address } }) {
    const { topic, reply } = this.form.elements;
    clearTimeout(this.saving);
    try {
      await hub.call("Draft", this.room.name, this.text.value, topic?.value ?? null, Number(reply.value) || null);
    } catch (error) {
      return this.room.say(error instanceof Offline ? this.room.dataset.lost : error.message, "refused");
    }
    localStorage.removeItem(`${this.store}:draft`);
    location.assign(`${address}?${new URLSearchParams({ to: this.room.name, topic: topic?.value ?? "", reply: reply.value })}`);
  }

  // The same key again is the same message: whatever got lost on the way, repeating is safe.
  sendWaiting() {
    for (const post of this.waiting) this.#post(post);
    if (this.unsaved !== null) this.#save();
  }

  /** The message with this key is in the log. */
  forget(clientKey) {
    if (!clientKey) return;
    this.room.log.querySelector(`[data-pending="${CSS.escape(clientKey)}"]`)?.remove();
    this.waiting = this.waiting.filter(post => post.clientKey !== clientKey);
  }

  /** No more writing here; the text stays to be copied. */
  close() {
    this.text.readOnly = true;
    for (const control of this.form.querySelectorAll("button, input")) control.disabled = true;
    clearTimeout(this.saving);
  }

  async #post(post) {
    try {
      const { files, ...message } = post;
      const { seq } = await hub.call("Post", message);
      this.waiting = this.waiting.filter(waiting => waiting.clientKey !== post.clientKey);
      this.room.settle();
      if (seq <= this.room.lastSeq) this.forget(post.clientKey);
    } catch (error) {
      if (error instanceof Offline) return;
      this.forget(post.clientKey);
      this.text.value = this.text.value ? `${post.markdown}\n\n${this.text.value}` : post.markdown;
      this.attaching.restore(post.files);
      this.typed();
      this.room.say(`${this.room.dataset.notSent} ${error.message}`, "refused");
    }
  }

  #save() {
    const { topic, reply } = this.form.elements;
    const typed = this.text.value;
    hub.call("Draft", this.room.name, typed, topic?.value ?? null, Number(reply.value) || null)
      .then(() => !leaving && this.unsaved === typed && localStorage.removeItem(`${this.store}:draft`), () => {});
  }

  #show(post) {
    const article = document.createElement("article");
    article.className = "message";
    article.dataset.pending = post.clientKey;
    article.dataset.state = "pending";
    const body = document.createElement("div");
    body.className = "message-body prose";
    body.textContent = post.markdown;
    const state = document.createElement("p");
    state.className = "message-state";
    state.textContent = this.room.dataset.waiting;
    article.append(state, body);
    if (post.files?.length) body.append(Object.assign(document.createElement("p"), { textContent: post.files.map(file => file.name).join(", ") }));
    this.room.quietly(() => this.room.log.append(article));
  }

  #fit() { this.text.rows = Math.min(8, this.text.value.split("\n").length); }
}

// crypto.randomUUID is only there on https and localhost.
function newKey() { return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join(""); }
