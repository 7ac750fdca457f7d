// What is new elsewhere: unread counts wherever a page shows them, and a quiet word when somebody is named.
import { hub } from "./hub.js";
import { show } from "./count.js";

class CommunityBell extends HTMLElement {
  connectedCallback() {
    this.unread = new Set(this.dataset.unread.split(" ").filter(name => name));
    hub.addEventListener("UnreadChanged", ({ detail }) => this.count(detail));
    hub.addEventListener("Notice", ({ detail }) => this.tell(detail));
    // Another member logged in beside: this page must not speak in that one's name.
    localStorage.setItem("vet:me", this.dataset.me);
    addEventListener("storage", ({ key, newValue }) => key === "vet:me" && newValue !== this.dataset.me && hub.end());
    hub.start();
  }

  count({ conversation, unread }) {
    for (const place of document.querySelectorAll(`[data-unread-of="${CSS.escape(conversation)}"]`)) show(place, unread, this.dataset);
    if (unread > 0) this.unread.add(conversation); else this.unread.delete(conversation);
    for (const place of document.querySelectorAll("[data-unread-places]"))
      show(place, this.unread.size, { one: this.dataset.placesOne, other: this.dataset.placesOther });
    if (unread > 0 && !document.querySelector(`[data-unread-of="${CSS.escape(conversation)}"]`)) this.refresh();
  }

  // A list that does not have the conversation yet comes again from the server, all of a burst at once.
  refresh() {
    const list = document.querySelector("[data-unread-list]");
    if (!list) return;
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(async () => {
      const answer = await fetch(location.href).catch(() => null);
      if (!answer?.ok || list.contains(document.activeElement)) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...page.querySelector("[data-unread-list]")?.childNodes ?? []);
    }, 500);
  }

  tell({ kind, conversation, title, seq, author, address }) {
    if (document.querySelector("live-conversation")?.dataset.conversation === conversation) return;
    const link = Object.assign(document.createElement("a"), { href: `${address}/messages/${seq}` });
    const words = { mention: this.dataset.mentioned, direct: this.dataset.wrote, follow: this.dataset.followed };
    link.textContent = words[kind].replace("{0}", author).replace("{1}", title);
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
