// Files on their way into a message: uploaded as soon as they are chosen, pasted or dropped, and kept until the message is sent.
const AT_ONCE = 2;
const API = "/api/v1/uploads";

export class Attaching {
  #items = []; #sending = null;

  constructor(composer) {
    this.composer = composer;
    this.room = composer.room;
    this.form = composer.form;
    this.list = this.form.querySelector(".composer-files");
    this.words = this.list.dataset;
    this.store = `${composer.store}:files`;
    this.chooser = this.form.querySelector("input[type=file]");
    this.list.replaceChildren();
    this.form.querySelector(".composer-attach").addEventListener("click", () => this.chooser.click());
    this.chooser.addEventListener("change", () => { this.add([...this.chooser.files]); this.chooser.value = ""; });
    composer.text.addEventListener("paste", event => this.#pasted(event));
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) this.room.addEventListener(name, event => this.#dragged(event));
    addEventListener("beforeunload", event => this.#busy && event.preventDefault());
    this.restore(JSON.parse(localStorage.getItem(this.store) ?? "[]"));
  }

  add(files) {
    for (const file of files) {
      if (this.#items.length >= Number(this.words.most)) { this.note(this.words.tooMany); break; }
      const item = this.#show({ file, name: file.name, bytes: file.size, state: "waiting" });
      if (file.size > Number(this.words.mostBytes)) this.#fail(item, this.words.tooLarge, false);
      else if (file.size === 0) this.#fail(item, this.words.empty, false);
    }
    this.#next();
  }

  /** What was attached before: the server says whether it still waits there. */
  restore(files) {
    for (const data of files ?? []) {
      if (this.#items.some(item => item.data?.id === data.id)) continue;
      const item = this.#show({ name: data.name, bytes: data.bytes });
      this.#arrived(item, data);
      fetch(`${API}/${data.id}`).then(answer => answer.status === 404 && this.#fail(item, this.words.gone, false), () => {});
    }
  }

  get some() { return this.#items.length > 0; }

  /** Whether the message has to wait; when its files are here it is sent. */
  holdsBack(send) {
    if (this.#failed) { this.#mend(); return true; }
    for (const item of this.#items) this.#describe(item);
    if (!this.#busy && !this.#describing) return false;
    this.#sending = send;
    this.composer.text.readOnly = true;
    this.note(this.words.wait);
    return true;
  }

  /** Gives the files to a message that is sent. */
  take() {
    const files = this.#items.map(item => item.data);
    for (const item of this.#items) item.element.remove();
    this.#items = [];
    this.#keep();
    this.note("");
    return files;
  }

  note(sentence) { this.form.querySelector(".composer-note").textContent = sentence; }

  get #busy() { return this.#items.some(item => item.state === "waiting" || item.state === "coming"); }
  get #describing() { return this.#items.some(item => item.describing); }
  get #failed() { return this.#items.find(item => item.state === "failed"); }

  #keep() {
    // What is typed under a picture, too: a page that is left before the server has heard of it loses no word.
    const files = this.#items.filter(item => item.state === "here").map(item => ({ ...item.data, typed: item.data.thumbnail ? item.description.querySelector("input").value : undefined }));
    if (files.length > 0) localStorage.setItem(this.store, JSON.stringify(files)); else localStorage.removeItem(this.store);
  }

  #show(item) {
    const element = item.element = this.form.querySelector(".attached-model").content.firstElementChild.cloneNode(true);
    const find = part => element.querySelector(`.attached-${part}`);
    Object.assign(item, { bar: find("progress"), error: find("error"), again: find("again"), description: find("description") });
    item.description.remove();
    find("name").textContent = item.name;
    find("size").textContent = this.#size(item.bytes);
    find("remove").setAttribute("aria-label", this.words.remove.replace("{0}", item.name));
    find("remove").addEventListener("click", () => this.#remove(item));
    item.bar.setAttribute("aria-label", this.words.uploading.replace("{0}", item.name));
    item.again.addEventListener("click", () => { this.#be(item, "waiting"); item.error.textContent = ""; this.#next(); this.composer.text.focus(); });
    this.#items.push(item);
    this.list.append(element);
    this.#be(item, item.state);
    element.scrollIntoView({ block: "nearest" });
    return item;
  }

  #be(item, state) {
    item.state = state;
    item.element.dataset.state = state ?? "";
    item.bar.hidden = state !== "waiting" && state !== "coming";
    item.again.hidden = state !== "failed" || !item.mayRetry;
    if (!item.bar.hidden) item.bar.value = 0;
  }

  #next() {
    while (this.#items.filter(item => item.state === "coming").length < AT_ONCE) {
      const item = this.#items.find(item => item.state === "waiting");
      if (!item) break;
      this.#upload(item);
    }
    if (!this.#sending || this.#busy || this.#describing) return;
    const send = this.#sending;
    this.#sending = null;
    this.composer.text.readOnly = false;
    this.note("");
    if (this.#failed) this.#mend(); else send();
  }

  #upload(item) {
    this.#be(item, "coming");
    const request = item.request = new XMLHttpRequest();
    request.open("POST", API);
    request.setRequestHeader("RequestVerificationToken", this.#token);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      // All of it is there: what the server does with it has no measure.
      if (loaded < total) item.bar.value = loaded / total; else item.bar.removeAttribute("value");
    });
    request.addEventListener("load", () => {
      if (request.status === 201) this.#arrived(item, request.response);
      else this.#fail(item, request.response?.detail ?? this.words.failed, request.status >= 429 || request.status === 0);
      this.#next();
    });
    request.addEventListener("error", () => { this.#fail(item, this.words.lost, true); this.#next(); });
    const body = new FormData();
    body.append("file", item.file, item.name);
    request.send(body);
  }

  #arrived(item, data) {
    item.data = data;
    item.name = data.name;
    this.#be(item, "here");
    item.element.querySelector(".attached-name").textContent = data.name;
    item.element.querySelector(".attached-size").textContent = this.#size(data.bytes);
    item.element.querySelector(".attached-remove").setAttribute("aria-label", this.words.remove.replace("{0}", data.name));
    if (data.thumbnail) {
      item.element.querySelector(".attached-picture").prepend(Object.assign(document.createElement("img"), { src: data.thumbnail, alt: "" }));
      item.description.hidden = false;
      item.element.append(item.description);
      const field = item.description.querySelector("input");
      field.value = data.typed ?? data.alt;
      field.setAttribute("aria-describedby", item.description.querySelector("small").id = `hint-${data.id}`);
      field.addEventListener("input", () => { this.#keep(); clearTimeout(item.timer); item.timer = setTimeout(() => this.#describe(item), 700); });
      field.addEventListener("change", () => this.#describe(item));
      // Enter here ends the description and sends nothing yet.
      field.addEventListener("keydown", event => { if (event.key === "Enter") { event.preventDefault(); this.composer.text.focus(); } });
    }
    if (item.file) this.form.querySelector(".composer-heard").textContent = this.words.attached.replace("{0}", data.name);
    this.#keep();
    this.#describe(item);
  }

  async #describe(item) {
    const field = item.data?.thumbnail && item.description.querySelector("input");
    if (!field || item.state !== "here" || item.describing || field.value.trim() === item.data.alt) return;
    clearTimeout(item.timer);
    const alt = field.value.trim();
    item.describing = true;
    try {
      const answer = await this.#call(item, "PUT", JSON.stringify({ alt }));
      if (answer.ok) { item.data = await answer.json(); item.error.textContent = ""; this.#keep(); }
      else { item.error.textContent = (await answer.json().catch(() => null))?.detail ?? this.words.failed; this.#stop(item.error.textContent); }
    } catch { this.#stop(this.words.lost); }
    item.describing = false;
    this.#next();
  }

  #call(item, method, body) {
    return fetch(`${API}/${item.data.id}`, { method, body, keepalive: true, headers: { "Content-Type": "application/json", RequestVerificationToken: this.#token } });
  }

  get #token() { return this.form.elements.__RequestVerificationToken.value; }

  // A message does not leave without the words that belong to it.
  #stop(sentence) {
    if (!this.#sending) return;
    this.#sending = null;
    this.composer.text.readOnly = false;
    this.note(sentence);
  }

  #fail(item, sentence, mayRetry) {
    item.mayRetry = mayRetry;
    this.#be(item, "failed");
    item.error.textContent = sentence;
    item.element.scrollIntoView({ block: "nearest" });
    this.#keep();
  }

  #mend() {
    this.note(this.words.mend);
    const { again, element } = this.#failed;
    (again.hidden ? element.querySelector(".attached-remove") : again).focus();
  }

  #remove(item) {
    item.request?.abort();
    if (item.data) this.#call(item, "DELETE").catch(() => {});
    const at = this.#items.indexOf(item);
    this.#items.splice(at, 1);
    item.element.remove();
    this.note("");
    this.#keep();
    this.#next();
    (this.#items[at] ?? this.#items.at(-1))?.element.querySelector(".attached-remove").focus();
    if (!this.some) this.composer.text.focus();
  }

  // Who copies cells or a paragraph means the text, though office programs add a picture of it.
  #pasted(event) {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    this.add(files);
  }

  // Anywhere in the conversation: beside the composer the browser would leave the page for the file.
  #dragged(event) {
    if (!event.dataTransfer?.types.includes("Files") || this.composer.text.readOnly) return;
    event.preventDefault();
    const over = event.type === "dragenter" || event.type === "dragover" || (event.type === "dragleave" && this.room.contains(event.relatedTarget));
    this.room.toggleAttribute("data-dropping", over);
    if (event.type === "drop") this.add([...event.dataTransfer.files]);
  }

  #size(bytes) {
    const number = (value, digits) => new Intl.NumberFormat(this.room.dataset.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    const { byte, bytes: many, kilobytes, megabytes } = this.words;
    if (bytes < 1024) return (bytes === 1 ? byte : many).replace("{0}", bytes);
    return bytes < 1024 * 1024 ? kilobytes.replace("{0}", number(bytes / 1024, 0)) : megabytes.replace("{0}", number(bytes / 1024 / 1024, 1));
  }
}
