// A conversation that stays true: the server's first page, then its changes in the order of their versions.
import { hub, Offline } from "./hub.js";
import { show } from "./count.js";
import { Aloud, wordsOf } from "./aloud.js";
import { Reading } from "./reading.js";
import { Composer } from "./composer.js";
import { Topics } from "./topics.js";
import { Pins } from "./pins.js";
import { Polls } from "./polls.js";

const FRESH = 3000;

class LiveConversation extends HTMLElement {
  connectedCallback() {
    const { conversation, version, lastSeq, living } = this.dataset;
    this.name = conversation;
    this.version = Number(version);
    this.lastSeq = Number(lastSeq);
    this.living = living === "true";
    this.log = this.querySelector("[role=log]");
    this.held = [];
    this.aloud = new Aloud(this);
    this.polls = new Polls(this);
    for (const article of this.log.querySelectorAll("article")) this.dress(article);
    this.reading = new Reading(this);
    this.topics = new Topics(this);
    this.pins = new Pins(this);
    const form = this.querySelector("form.composer");
    this.composer = form && new Composer(this, form);
    document.addEventListener("click", event => this.clicked(event));
    document.addEventListener("keydown", event => this.pressed(event));
    this.log.addEventListener("toggle", event => this.toggled(event.target), true);
    // Opened before this script was there.
    for (const menu of this.log.querySelectorAll("details.menu[open]")) this.toggled(menu);
    this.reading.begin();
    if (this.living) this.listen();
  }

  listen() {
    hub.addEventListener("open", () => this.catchUp());
    hub.addEventListener("close", () => {
      if (!this.living) return;
      // What stands beside says it already.
      if (!("beside" in this.dataset)) this.say(this.dataset.lost, "reconnecting");
      this.presence({ count: 0 });
    });
    hub.addEventListener("full", ({ detail }) => this.living && this.say(detail, "refused"));
    hub.addEventListener("ended", () => this.end(this.dataset.loggedOut, true));
    hub.addEventListener("Fragments", ({ detail }) => this.take(detail));
    const mine = (name, act) => hub.addEventListener(name, ({ detail }) => detail.conversation === this.name && act(detail));
    mine("PresenceChanged", told => this.presence(told));
    mine("TypingChanged", told => this.typing(told));
    mine("AccessEnded", () => this.end(this.dataset.ended));
    hub.start();
    if (hub.open) this.catchUp();
  }

  say(text, state) {
    const line = this.querySelector(".connection");
    line.textContent = text;
    line.dataset.state = state;
  }

  /** What was refused before has gone well now. */
  settle() { if (this.querySelector(".connection").dataset.state === "refused") this.say("", ""); }

  /** Nothing more to read here. What was typed stays to be copied. */
  end(sentence, loggedOut = false) {
    if (!this.living) return;
    this.living = false;
    this.composer?.close();
    this.log.replaceChildren();
    this.presence({ count: 0 });
    this.say(this.composer?.text.value ? `${sentence} ${this.dataset.textKept}` : sentence, "ended");
    if (!loggedOut) return;
    const link = document.createElement("a");
    link.href = `/Account/Login?ReturnUrl=${encodeURIComponent(location.pathname)}`;
    link.textContent = this.dataset.logIn;
    this.querySelector(".connection").append(" ", link);
  }

  // What differs per reader is decided here: mine, my reactions, my time zone.
  dress(article) {
    const { me } = this.dataset;
    if (article.dataset.author === me) article.dataset.mine = "";
    for (const button of article.querySelectorAll("[data-handles]"))
      button.setAttribute("aria-pressed", String(button.dataset.handles.split(" ").includes(me)));
    for (const mention of article.querySelectorAll("a.mention"))
      if (mention.getAttribute("href") === `/people/${me}`) { mention.dataset.me = ""; article.dataset.mentionsMe = ""; }
    for (const time of article.querySelectorAll("time")) time.textContent = this.when(new Date(time.dateTime));
    this.polls.dress(article);
    return article;
  }

  when(at) {
    const { zone } = this.dataset;
    const language = this.dataset.language === "en" ? "en-GB" : this.dataset.language; // Europe's English: day before month
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
    this.thisYear ??= new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...clock });
    this.before ??= new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", ...clock });
    return (at.getFullYear() === new Date().getFullYear() ? this.thisYear : this.before).format(at);
  }

  // Subscribe, then load what happened since the last version this page has, then let through what came meanwhile.
  async catchUp() {
    if (this.catching || !this.living) return;
    this.catching = true;
    this.held ??= [];
    try {
      await hub.call("Open", this.name, this.lastSeq, this.dataset.view);
      const changes = await hub.call("Changes", this.name, this.version, this.dataset.view);
      if (changes.limited) return location.reload();
      const held = this.held;
      this.held = null;
      this.catching = false;
      this.say("", "");
      this.apply([...changes.events, ...held]);
      this.composer?.sendWaiting();
      this.reading.moved();
      // What was drawn a moment ago is not asked for again.
      const isFresh = !this.subscribed && performance.now() < FRESH;
      this.subscribed = true;
      this.dispatchEvent(new CustomEvent("subscribed", { detail: { isFresh } }));
    } catch (error) {
      this.catching = false;
      if (!(error instanceof Offline)) this.doubt(error);
    }
  }

  // Refused: either this page's reader has no place here any more, or was only too fast.
  async doubt(error) {
    const answer = await fetch(location.pathname).catch(() => null);
    if (answer?.status === 404) this.end(this.dataset.ended);
    else { this.say(error.message, "refused"); setTimeout(() => this.catchUp(), 2000); }
  }

  take(fragments) {
    const mine = fragments.filter(fragment => fragment.conversation === this.name);
    if (this.held) this.held.push(...mine); else this.apply(mine);
  }

  apply(fragments) {
    const follow = this.reading.atEnd;
    const came = [];
    for (const fragment of fragments) {
      if (fragment.version <= this.version) continue;
      if (fragment.version > this.version + 1) { this.held = []; this.catchUp(); break; }
      this.version = fragment.version;
      if (fragment.op === "pass") continue;
      const article = this.put(fragment);
      if (article && article.dataset.author !== this.dataset.me) came.push(article);
    }
    this.aloud.came(came);
    if (came.length > 0) this.reading.came(came, follow);
    else if (follow) this.reading.toEnd();
  }

  // Puts a change where it belongs; answers with the message where it is a new one.
  put({ op, html, seq }) {
    const shell = document.createElement("template");
    shell.innerHTML = html; // rendered and sanitised by the server; scripts are forbidden by the page's policy besides
    const article = this.dress(shell.content.querySelector("article"));
    const before = document.getElementById(article.id);
    const here = !this.dataset.topic || article.dataset.topic === this.dataset.topic;
    const isNew = op === "append" && seq > this.lastSeq;
    if (isNew) {
      this.lastSeq = seq;
      this.composer?.forget(article.dataset.key);
      this.silent(article.dataset.author);
      if (article.dataset.author !== this.dataset.me) this.countTopic(article);
      this.topics.came(article, here);
      if (!here && !this.topics.mutes(article.dataset.topic)) this.reading.cameElsewhere(seq);
    }
    if (!before && !isNew) this.unplaced?.set(article.id, article);
    if (op === "replace") { this.requote(article, seq); this.pins.changed(seq); }
    if (before) this.quietly(() => here ? this.swap(before, article) : before.remove());
    else if (here && isNew && article.dataset.author !== this.dataset.me) this.insert(article, seq);
    else if (here && (isNew || this.dataset.topic)) this.quietly(() => this.insert(article, seq));
    return here && isNew ? article : null;
  }

  insert(article, seq) {
    this.log.querySelector(".log-empty")?.remove();
    const articles = [...this.log.querySelectorAll("article[data-seq]")];
    const previous = articles.findLast(other => Number(other.dataset.seq) < seq);
    if (previous) previous.after(article);
    else if (articles.length === 0) this.log.append(article);
    // Older than all that is loaded: it comes with its page.
    else if (!this.log.querySelector(".log-older")) articles[0].before(article);
  }

  // The hand stays where it was, and an open menu stays open.
  swap(before, article) {
    if (this.polls.renew(before, article)) return;
    const held = before.contains(document.activeElement) ? document.activeElement : null;
    const open = before.querySelector("details.menu[open]") !== null;
    before.replaceWith(article);
    const menu = article.querySelector("details.menu");
    if (menu && open) { menu.open = true; this.fill(menu); }
    // A translation stays folded or open as its reader left it.
    const fold = part => `details.translation[data-translation="${part.dataset.translation}"]`;
    for (const part of article.querySelectorAll("details.translation")) part.open = before.querySelector(fold(part))?.open ?? part.open;
    if (!held) return;
    const same = held.matches(".translation > summary") ? article.querySelector(`${fold(held.parentElement)} > summary`)
      : held.value ? article.querySelector(`.${held.parentElement.className} button[value="${CSS.escape(held.value)}"]`)
      : held.href ? article.querySelector(`a[href="${CSS.escape(held.getAttribute("href"))}"]`) : null;
    (same ?? menu?.querySelector("summary") ?? this.log).focus({ preventScroll: true });
  }

  quietly(change) { this.aloud.quietly(change); }

  // Answers quote the beginning: a text that is gone must not live on there.
  requote(article, seq) {
    const text = wordsOf(article).slice(0, 120);
    for (const quote of this.log.querySelectorAll(`a.message-quote[href$="/messages/${seq}"]`))
      quote.replaceChildren(quote.querySelector("b"), ` ${text}`);
  }

  // The topics beside the log: what came and is not shown here is unread there.
  countTopic(article) {
    if (!this.dataset.topic || article.dataset.topic === this.dataset.topic) return;
    const place = document.querySelector(`[data-unread-topic="${CSS.escape(article.dataset.topic)}"]`);
    if (place) this.showUnread(place, Number(place.querySelector("[aria-hidden]").textContent) + 1);
  }

  topicsSeen() {
    const own = this.dataset.topic;
    for (const place of document.querySelectorAll("[data-unread-topic]:not([hidden])")) if (!own || place.dataset.unreadTopic === own) this.showUnread(place, 0);
  }

  showUnread(place, count) { show(place, count, { one: this.dataset.unreadOne, other: this.dataset.unreadOther }); }

  presence({ count, handles = [] }) {
    const line = document.querySelector(".presence");
    const { me, hereAlone, hereToo, hereOther } = this.dataset;
    const other = handles.find(handle => handle !== me);
    line.textContent = count === 0 ? "" : !other ? hereAlone : count === 2 ? hereToo.replace("{0}", this.nameOf(other)) : hereOther.replace("{0}", count);
  }

  nameOf(handle) { return this.log.querySelector(`article[data-author="${CSS.escape(handle)}"] .message-author`)?.textContent ?? `@${handle}`; }

  typing({ handles, more }) {
    this.writing = handles.filter(handle => handle !== this.dataset.me);
    const names = this.writing.map(handle => this.nameOf(handle));
    const { typing, typingTwo, typingMany } = this.dataset;
    const sentence = names.length === 0 ? "" : names.length + more === 1 ? typing : names.length + more === 2 && names.length === 2 ? typingTwo : typingMany;
    this.querySelector(".typing").textContent = sentence.replace("{0}", names[0]).replace("{1}", names[1] ?? names[0]);
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.typing({ handles: [], more: 0 }), 6000);
  }

  silent(handle) {
    if (this.writing?.includes(handle)) this.typing({ handles: this.writing.filter(other => other !== handle), more: 0 });
  }

  // Buttons and links that without script are forms and pages.
  clicked(event) {
    for (const other of document.querySelectorAll("details.menu[open]")) if (!other.contains(event.target)) other.open = false;
    const act = event.target.closest("[data-act], button[form=acts], button[form=votes]");
    if (!act || !hub.open || !this.living || event.ctrlKey || event.metaKey) return;
    const menu = act.closest("details[open]");
    // A slip of the hand must not take a text away from everybody: the first click asks.
    if (act.dataset.sure) {
      event.preventDefault();
      act.lastElementChild.textContent = act.dataset.sure;
      delete act.dataset.sure;
      return;
    }
    if (act.dataset.act === "reply" && this.composer?.form.elements.reply) this.composer.answer(act.closest("article"));
    else if (act.dataset.act === "no-reply") this.composer.answer(null);
    else if (act.name === "react") {
      const [seq, emoji] = act.value.split(" ");
      const given = document.getElementById(`m-${seq}`)?.querySelector(`.reaction[value="${CSS.escape(act.value)}"][aria-pressed=true]`);
      this.do("React", { conversation: this.name, seq: Number(seq), emoji, on: !given });
    } else if (this.polls.does(act)) ;
    else if (act.name === "delete") this.do("Delete", { conversation: this.name, seq: Number(act.value) });
    else return;
    event.preventDefault();
    if (!menu) return;
    menu.open = false;
    if (!act.dataset.act) menu.querySelector("summary").focus({ preventScroll: true });
  }

  // Made when it is opened: the menus of fifty messages were most of the page.
  fill(menu) {
    const list = menu.querySelector(".menu-list"), article = menu.closest("article");
    if (list.querySelector("[name=react]")) return;
    const shell = this.querySelector("#message-menu").cloneNode(true);
    shell.innerHTML = shell.innerHTML.replaceAll("_seq_", article.dataset.seq).replaceAll("_topic_", encodeURIComponent(article.dataset.topic ?? ""));
    const has = { text: article.querySelector(".message-body").childElementCount > 0, persons: article.dataset.author, "open-poll": article.querySelector(".poll:not([data-ended])") };
    for (const [what, there] of Object.entries(has)) if (!there) for (const item of shell.content.querySelectorAll(`.for-${what}`)) item.remove();
    list.replaceChildren(shell.content);
  }

  // The menu of a message near the foot opens upwards, but not behind the head of the room.
  toggled(menu) {
    if (!menu.open || !menu.matches(".message-actions")) return;
    this.fill(menu);
    menu.removeAttribute("data-down");
    const list = menu.querySelector(".menu-list");
    menu.toggleAttribute("data-down", list.getBoundingClientRect().top < this.log.getBoundingClientRect().top);
    // A moderator's menu is long: where it fits neither way, the log goes along. On a phone it lies over the page.
    if (getComputedStyle(list).position === "absolute") list.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.key === "Enter" && event.target.matches(".poll input")) {
      event.preventDefault();
      event.target.closest(".poll").querySelector("[name=vote]").click();
      return;
    }
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus({ preventScroll: true });
  }

  do(target, argument) { hub.call(target, argument).catch(error => this.say(error instanceof Offline ? this.dataset.lost : error.message, "refused")); }
}

customElements.define("live-conversation", LiveConversation);
