// What is new elsewhere: unread counts wherever a page shows them, the number at the bell, and a quiet word when something calls.
import { hub } from "./hub.js";
import { show } from "./count.js";

// What the messages of the room that one looks at do not say.
const untold = new Set(["yourturn", "bridgeasked", "bridgeanswered"]);

class CommunityBell extends HTMLElement {
  connectedCallback() {
    this.unread = new Set(this.dataset.unread.split(" ").filter(name => name));
    hub.addEventListener("UnreadChanged", ({ detail }) => this.count(detail));
    hub.addEventListener("NoticesChanged", ({ detail }) => this.ring(detail));
    hub.addEventListener("Notice", ({ detail }) => this.tell(detail));
    // Another member logged in beside: this page must not speak in that one's name.
    localStorage.setItem("vet:me", this.dataset.me);
    addEventListener("storage", ({ key, newValue }) => key === "vet:me" && newValue !== this.dataset.me && hub.end());
    // After a cut others have gone on, and nobody told this page of it.
    let came = hub.open;
    hub.addEventListener("open", () => { if (came) this.lookAgain(); came = true; });
    hub.start();
  }

  async lookAgain() {
    clearTimeout(this.looking);
    const told = this.told = new Set();
    const now = await hub.call("Unread").catch(() => null);
    // Another line came meanwhile, and looks itself.
    if (this.told !== told) return;
    if (!now) {
      // Refused for a while: not by all pages in the same moment, and ever more rarely.
      this.pause = Math.min(60_000, 2 * (this.pause ?? 2500));
      if (hub.open) this.looking = setTimeout(() => hub.open && this.lookAgain(), this.pause * (0.5 + Math.random()));
      return;
    }
    // What was told meanwhile is newer.
    for (const name of new Set([...this.unread, ...Object.keys(now)])) if (!told.has(name)) this.count({ conversation: name, unread: now[name] ?? 0 });
    this.told = this.pause = undefined;
  }

  count({ conversation, unread }) {
    this.told?.add(conversation);
    for (const place of document.querySelectorAll(`[data-unread-of="${CSS.escape(conversation)}"]`)) show(place, unread, this.dataset);
    if (unread > 0) this.unread.add(conversation); else this.unread.delete(conversation);
    for (const place of document.querySelectorAll("[data-unread-places]"))
      show(place, this.unread.size, { one: this.dataset.placesOne, other: this.dataset.placesOther });
    if (unread > 0 && !document.querySelector(`[data-unread-of="${CSS.escape(conversation)}"]`)) this.refresh("[data-unread-list]");
  }

  ring({ unread }) {
    for (const place of document.querySelectorAll("[data-notices]")) {
      if (Number(place.querySelector("[aria-hidden]").textContent) === unread) continue;
      show(place, unread, { one: this.dataset.bellOne, other: this.dataset.bellOther });
      this.refresh("[data-notice-list]");
    }
  }

  // A list that does not have it yet comes again from the server, all of a burst at once; under the hands of somebody it stays.
  refresh(which) {
    const list = document.querySelector(which);
    if (!list) return;
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(async () => {
      const answer = await fetch(location.href).catch(() => null);
      if (!answer?.ok || list.contains(document.activeElement)) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.querySelector(which)?.childNodes ?? []);
    }, 500);
  }

  tell({ kind, conversation, title, about, author, link: href }) {
    if (!untold.has(kind) && conversation && document.querySelector("live-conversation")?.dataset.conversation === conversation) return;
    const link = Object.assign(document.createElement("a"), { href });
    link.textContent = this.dataset[`word${kind[0].toUpperCase()}${kind.slice(1)}`].replace("{0}", () => author).replace("{1}", () => title) + (about ? `: ${about}` : "");
    const close = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet button-small button-icon" });
    close.setAttribute("aria-label", this.dataset.close);
    close.append(Object.assign(document.createElement("i"), { className: "icon icon-close" }));
    const word = Object.assign(document.createElement("p"), { className: "bell-word" });
    word.append(link, close);
    close.addEventListener("click", () => word.remove());
    this.append(word);
    while (this.children.length > 3) this.firstElementChild.remove();
  }
}

customElements.define("community-bell", CommunityBell);
