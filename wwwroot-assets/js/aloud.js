// What of a log is read aloud as news: each message of somebody else once, and nothing of what was there before or is one's own.
const QUIET = 200;

/** The words of a message, as one line. */
export const wordsOf = article =>
  (article.querySelector(".message-body, .message-gone")?.textContent.trim() || article.querySelector("[data-file]")?.dataset.file || "").replace(/\s+/g, " ");

export class Aloud {
  #loud = 0;

  constructor(room) {
    this.log = room.log;
    this.heard = room.querySelector(".log-heard");
  }

  quietly(change) {
    this.log.setAttribute("aria-live", "off");
    change();
    clearTimeout(this.#loud);
    this.#loud = setTimeout(() => this.log.removeAttribute("aria-live"), QUIET);
  }

  /** Somebody else's, just put into the log. While that is quiet it says nothing of them, and a line beside it does. */
  came(articles) {
    if (this.log.getAttribute("aria-live") !== "off") return;
    for (const article of articles) {
      const line = document.createElement("p");
      const words = document.createElement("span");
      words.lang = article.querySelector(".message-body")?.lang ?? "";
      words.textContent = wordsOf(article);
      line.append(article.querySelector(".message-author")?.textContent ?? "", ": ", words);
      this.heard.append(line);
      // Said; who reads the page line by line finds the message in the log, and only there.
      setTimeout(() => line.remove(), 5 * QUIET);
    }
  }
}
