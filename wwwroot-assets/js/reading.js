// Where a reader stands in a log: nobody who reads is pulled away, and what was seen counts as read.
import { hub } from "./hub.js";

// A thousand readers of a busy room would otherwise say it a thousand times a message.
const EVERY = 1000;

export class Reading {
  #marked = 0; #waiting = 0; #again = false; #since = null; #ending = true;

  constructor(room) {
    this.room = room;
    this.log = room.log;
    this.jump = room.querySelector(".log-jump");
    this.#marked = Number(room.dataset.lastRead);
    // One marker counts for the whole room: in one topic it stops before what is unread in another.
    this.ceiling = room.dataset.topic && room.dataset.unreadElsewhere === "true" ? this.#marked : Infinity;
    this.log.addEventListener("scroll", () => { this.#ending = this.atEnd; this.moved(); }, { passive: true });
    // The composer grows, a keyboard opens: who is at the end stays there.
    new ResizeObserver(() => this.#ending && this.toEnd()).observe(this.log);
    document.addEventListener("visibilitychange", () => this.moved());
    // Beside something else the page moves, too.
    this.beside = "beside" in room.dataset;
    if (this.beside) addEventListener("scroll", () => this.moved(), { passive: true });
    addEventListener("pagehide", () => this.#mark(), { capture: true });
    this.jump?.addEventListener("click", () => this.toNew());
    this.log.addEventListener("click", event => {
      const older = event.target.closest("a.log-older");
      if (older && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); this.older(older); }
    });
  }

  get atEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80; }

  // Folded, or beside something else and further down, nobody reads it.
  get #inSight() {
    const { top, bottom, height } = this.log.getBoundingClientRect();
    return !this.beside || (height > 0 && top < innerHeight && bottom > 0);
  }

  toEnd() { this.log.scrollTop = this.log.scrollHeight; }

  /** Opens where one wants to begin: at the message of the address, at the first unread one, at the end. */
  begin() {
    const target = this.beside ? null : location.hash.startsWith("#m-") ? document.getElementById(location.hash.slice(1)) : this.log.querySelector("#unread");
    this.#ending = !target;
    if (target) target.scrollIntoView({ block: target.id === "unread" ? "start" : "center" }); else this.toEnd();
    this.moved();
  }

  /** New messages came to the end of the log: who was there goes along, but never past the first of them. */
  came(articles, follow) {
    if (follow && document.visibilityState === "visible") {
      const top = articles[0].getBoundingClientRect().top - this.log.getBoundingClientRect().top;
      this.log.scrollTop += Math.max(0, top - 16);
    }
    this.#since ??= articles[0];
    this.moved();
  }

  /** Something of another topic came to the room, which this page does not show. */
  cameElsewhere(seq) { this.ceiling = Math.min(this.ceiling, seq - 1); }

  moved() {
    if (document.visibilityState === "visible" && this.atEnd && this.#inSight) { this.#since = null; this.room.topicsSeen(); }
    this.#offer();
    if (this.#waiting) { this.#again = true; return; }
    this.#mark();
    this.#waiting = setTimeout(() => {
      this.#waiting = 0;
      if (this.#again) { this.#again = false; this.moved(); }
    }, EVERY);
  }

  toNew() {
    const first = this.#since;
    this.#since = null;
    this.#offer();
    this.log.focus({ preventScroll: true });
    if (first?.isConnected) first.scrollIntoView({ block: "start" });
    else this.toEnd();
  }

  #offer() {
    if (!this.jump) return;
    const { jumpOne, jumpOther, me } = this.room.dataset;
    let count = 0;
    for (let article = this.#since; article; article = article.nextElementSibling)
      if (article.dataset.seq && article.dataset.author !== me) count++;
    this.jump.hidden = count === 0;
    this.jump.querySelector("span").textContent = (count === 1 ? jumpOne : jumpOther).replace("{0}", count);
  }

  // The lowest message whose beginning is in sight.
  #seen() {
    const foot = this.log.getBoundingClientRect().bottom;
    for (let article = this.log.lastElementChild; article; article = article.previousElementSibling)
      if (article.dataset.seq && article.getBoundingClientRect().top < foot - 20) return this.atEnd ? this.room.lastSeq : Number(article.dataset.seq);
    return this.room.lastSeq;
  }

  #mark() {
    if (document.visibilityState !== "visible" || !this.#inSight || !hub.open || !this.room.living) return;
    const seen = Math.min(this.#seen(), this.ceiling);
    if (seen <= this.#marked) return;
    const before = this.#marked;
    this.#marked = seen;
    hub.call("MarkRead", this.room.name, seen).catch(() => { this.#marked = before; });
  }

  /** The messages before, put above without moving what one reads; without a connection the link leads there as a page. */
  async older(link) {
    if (link.getAttribute("aria-disabled")) return;
    link.setAttribute("aria-disabled", "true");
    // What changes while they are on their way is newer than what comes.
    const changed = this.room.unplaced = new Map();
    const html = await fetch(link.href).then(answer => answer.ok ? answer.text() : null).catch(() => null);
    this.room.unplaced = null;
    if (html === null) {
      link.removeAttribute("aria-disabled");
      return location.assign(link.href);
    }
    const page = new DOMParser().parseFromString(html, "text/html");
    const articles = [...page.querySelectorAll("[role=log] > article")].filter(article => !document.getElementById(article.id)).map(article => changed.get(article.id) ?? article)
      .filter(article => !this.room.dataset.topic || article.dataset.topic === this.room.dataset.topic);
    const further = page.querySelector("a.log-older");
    const fromEnd = this.log.scrollHeight - this.log.scrollTop;
    const focused = link.contains(document.activeElement);
    this.room.quietly(() => {
      link.replaceWith(...further ? [further] : [], ...articles);
      for (const article of articles) this.room.dress(article);
    });
    this.log.scrollTop = this.log.scrollHeight - fromEnd;
    if (focused) (further ?? this.log).focus({ preventScroll: true });
  }
}
