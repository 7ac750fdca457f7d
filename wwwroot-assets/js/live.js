// A conversation that stays true: the server's first page, then its changes in the order of their versions.
import { Hub, Offline } from "./hub.js";

const hub = new Hub("/hubs/conversations");

class LiveConversation extends HTMLElement {
  connectedCallback() {
    const d = this.dataset;
    this.name = d.conversation;
    this.version = Number(d.version);
    this.lastSeq = Number(d.lastSeq);
    this.log = this.querySelector("[role=log]");
    this.status = this.querySelector(".connection");
    this.form = this.querySelector("form.composer");
    this.text = this.form?.querySelector("textarea");
    this.catching = true;
    this.held = [];
    for (const article of this.log.querySelectorAll("article")) this.dress(article);
    document.addEventListener("click", event => this.clicked(event));
    this.wireComposer();
    this.jump();
    if (d.living !== "true") return;
    this.log.addEventListener("scroll", () => this.atEnd() && this.read());
    document.addEventListener("visibilitychange", () => this.atEnd() && this.read());
    hub.addEventListener("open", () => this.catchUp());
    hub.addEventListener("close", () => this.say(d.lost, "reconnecting"));
    hub.addEventListener("Fragments", ({ detail }) => this.take(detail));
    hub.addEventListener("PresenceChanged", ({ detail }) => this.presence(detail));
    hub.addEventListener("TypingChanged", ({ detail }) => this.typing(detail));
    hub.addEventListener("AccessEnded", () => { hub.stop(); this.log.replaceChildren(); this.form?.remove(); this.say(d.ended, "ended"); });
    hub.start();
  }

  say(text, state) { this.status.textContent = text; this.status.dataset.state = state; }
  atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; }
  toEnd() { this.log.scrollTop = this.log.scrollHeight; }

  jump() {
    const target = location.hash.startsWith("#m-") ? document.getElementById(location.hash.slice(1)) : this.log.querySelector("#unread");
    if (target) target.scrollIntoView({ block: "center" }); else this.toEnd();
  }

  // What differs per reader is decided here: mine, my reactions, my time zone.
  dress(article) {
    const { me, zone } = this.dataset;
    const language = this.dataset.language === "en" ? "en-GB" : this.dataset.language; // Europe's English: day before month
    if (article.dataset.author === me) article.dataset.mine = "";
    for (const button of article.querySelectorAll("[data-handles]"))
      if (button.dataset.handles.split(" ").includes(me)) button.setAttribute("aria-pressed", "true");
    for (const mention of article.querySelectorAll("a.mention"))
      if (mention.getAttribute("href") === `/people/${me}`) { mention.dataset.me = ""; article.dataset.mentionsMe = ""; }
    for (const time of article.querySelectorAll("time"))
      time.textContent = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short", timeZone: zone }).format(new Date(time.dateTime));
    return article;
  }

  // Subscribe, then load what happened since the last version this page has, then let through what came meanwhile.
  async catchUp() {
    this.catching = true;
    this.held = [];
    try {
      await hub.call("Open", this.name, this.lastSeq, this.dataset.view);
      const changes = await hub.call("Changes", this.name, this.version, this.dataset.view);
      if (changes.limited) return location.reload();
      this.catching = false;
      this.apply(changes.events);
      this.apply(this.held.splice(0));
      this.say("", "");
      this.sendWaiting();
      if (this.atEnd()) this.read();
    } catch (error) {
      if (!(error instanceof Offline)) { hub.stop(); this.say(error.message, "ended"); }
    }
  }

  take(fragments) {
    const mine = fragments.filter(f => f.conversation === this.name);
    if (this.catching) this.held.push(...mine); else this.apply(mine);
  }

  apply(fragments) {
    const follow = this.atEnd();
    for (const fragment of fragments) {
      if (fragment.version <= this.version) continue;
      if (fragment.version > this.version + 1) { this.catchUp(); return; }
      this.version = fragment.version;
      this.put(fragment);
    }
    if (follow) { this.toEnd(); this.read(); }
  }

  put({ op, target, html, seq }) {
    const shell = document.createElement("template");
    shell.innerHTML = html; // rendered and sanitised by the server; scripts are forbidden by the page's policy besides
    const article = this.dress(shell.content.querySelector("article"));
    const before = document.getElementById(`m-${seq}`);
    if (op === "append") {
      this.lastSeq = Math.max(this.lastSeq, seq);
      this.forget(article.dataset.key);
    }
    if (op === "replace") this.requote(article, seq);
    const here = !this.dataset.topic || article.dataset.topic === this.dataset.topic;
    if (before) { if (here) before.replaceWith(article); else before.remove(); return; }
    if (!here) return;
    if (op === "append") { this.log.querySelector(".log-empty")?.remove(); this.insert(article, seq); }
    else if (this.dataset.topic && target) this.insert(article, seq);
  }

  // Answers quote the beginning: a text that is gone must not live on there.
  requote(article, seq) {
    const text = article.querySelector(".message-body")?.textContent.trim().replace(/\s+/g, " ").slice(0, 120) ?? "";
    for (const quote of this.log.querySelectorAll(`a.message-quote[href$="/messages/${seq}"]`)) {
      const author = quote.querySelector("b");
      quote.replaceChildren(author, ` ${text}`);
    }
  }

  insert(article, seq) {
    const later = [...this.log.querySelectorAll("article[data-seq]")].reverse();
    const previous = later.find(a => Number(a.dataset.seq) < seq);
    if (previous) previous.after(article);
    else if (seq >= this.lastSeq || later.length === 0) this.log.append(article);
  }

  read() {
    if (document.visibilityState !== "visible" || this.marked >= this.lastSeq) return;
    this.marked = this.lastSeq;
    hub.call("MarkRead", this.name, this.lastSeq).catch(() => { this.marked = 0; });
  }

  presence({ count, conversation }) {
    if (conversation !== this.name) return;
    const line = document.querySelector(".presence");
    if (line) line.textContent = (count === 1 ? this.dataset.hereOne : this.dataset.hereOther).replace("{0}", count);
  }

  typing({ handles, conversation }) {
    if (conversation !== this.name) return;
    this.typingLine ??= Object.assign(document.createElement("p"), { className: "typing" });
    this.typingLine.textContent = this.dataset.typing.replace("{0}", handles.join(", "));
    this.log.after(this.typingLine);
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.typingLine.remove(), 5000);
  }

  // --- writing ---

  get store() { return `vet:${this.dataset.me}:${this.name}`; }
  get waiting() { return JSON.parse(localStorage.getItem(`${this.store}:waiting`) ?? "[]"); }
  set waiting(posts) { localStorage.setItem(`${this.store}:waiting`, JSON.stringify(posts)); }

  wireComposer() {
    if (!this.form?.querySelector("[name=key]")) return;
    const kept = localStorage.getItem(`${this.store}:draft`);
    if (kept !== null && !this.text.value) this.text.value = kept;
    this.fit();
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", event => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
    });
    this.form.addEventListener("submit", event => { event.preventDefault(); this.send(); });
    for (const post of this.waiting) this.showPending(post);
  }

  fit() { this.text.rows = Math.min(8, this.text.value.split("\n").length); }

  typed() {
    this.fit();
    localStorage.setItem(`${this.store}:draft`, this.text.value);
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => this.saveDraft(), 800);
    if (this.text.value && performance.now() - (this.typingSent ?? -9e9) > 3000) {
      this.typingSent = performance.now();
      hub.call("Typing", this.name).catch(() => {});
    }
  }

  saveDraft() {
    const reply = Number(this.form.elements.reply.value) || null;
    return hub.call("Draft", this.name, this.text.value, this.form.elements.topic?.value ?? null, reply).catch(() => {});
  }

  send() {
    const markdown = this.text.value;
    if (!markdown.trim()) return;
    const post = { conversation: this.name, clientKey: crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now(), topic: this.form.elements.topic?.value || null,
      markdown, replyToSeq: Number(this.form.elements.reply.value) || null, attachments: null };
    this.waiting = [...this.waiting, post];
    this.text.value = "";
    this.fit();
    this.form.elements.reply.value = "";
    this.form.querySelector(".composer-reply").hidden = true;
    localStorage.removeItem(`${this.store}:draft`);
    clearTimeout(this.draftTimer);
    this.showPending(post);
    this.toEnd();
    this.post(post);
    this.saveDraft();
  }

  // The same key again is the same message: whatever got lost on the way, repeating is safe.
  sendWaiting() { for (const post of this.waiting) this.post(post); }

  async post(post) {
    try {
      await hub.call("Post", post);
      this.waiting = this.waiting.filter(p => p.clientKey !== post.clientKey);
    } catch (error) {
      if (error instanceof Offline) return;
      this.forget(post.clientKey);
      // Refused: the text comes back into the hands of who wrote it.
      this.text.value = this.text.value ? `${post.markdown}\n\n${this.text.value}` : post.markdown;
      this.typed();
      this.say(`${this.dataset.notSent} ${error.message}`, "refused");
    }
  }

  showPending(post) {
    const article = document.createElement("article");
    article.className = "message";
    article.dataset.pending = post.clientKey;
    article.dataset.state = "pending";
    const body = document.createElement("div");
    body.className = "message-body prose";
    body.textContent = post.markdown;
    article.append(body);
    this.log.append(article);
  }

  forget(clientKey) {
    if (!clientKey) return;
    this.log.querySelector(`[data-pending="${CSS.escape(clientKey)}"]`)?.remove();
    this.waiting = this.waiting.filter(p => p.clientKey !== clientKey);
  }

  // Buttons and links that without script are forms and pages.
  clicked(event) {
    const act = event.target.closest("[data-act], button[form=acts]");
    if (!act || !hub.open) return;
    const menu = act.closest("details[open]");
    if (act.dataset.act === "reply" && this.text && this.form.elements.reply) {
      event.preventDefault();
      const article = act.closest("article");
      this.form.elements.reply.value = article.dataset.seq;
      const line = this.form.querySelector(".composer-reply");
      line.hidden = false;
      line.querySelector("b").textContent = article.querySelector(".message-author").textContent;
      if (this.form.elements.topic) this.form.elements.topic.value = article.querySelector(".message-topic")?.textContent ?? "";
      this.text.focus();
    } else if (act.dataset.act === "no-reply") {
      event.preventDefault();
      this.form.elements.reply.value = "";
      this.form.querySelector(".composer-reply").hidden = true;
    } else if (act.name === "react") {
      event.preventDefault();
      const [seq, emoji] = act.value.split(" ");
      const given = document.getElementById(`m-${seq}`)?.querySelector(`.reaction[value="${CSS.escape(act.value)}"][aria-pressed=true]`);
      this.do("React", { conversation: this.name, seq: Number(seq), emoji, on: !given });
    } else if (act.name === "delete") {
      event.preventDefault();
      this.do("Delete", { conversation: this.name, seq: Number(act.value) });
    } else return;
    if (menu) menu.open = false;
  }

  do(target, argument) { hub.call(target, argument).catch(error => this.say(error instanceof Offline ? this.dataset.lost : error.message, "refused")); }
}

customElements.define("live-conversation", LiveConversation);
