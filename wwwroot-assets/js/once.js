// A second click sends a form no second time: its answer, that the thing is done already, would take the place of the first one's.
const Sending = 5_000; // after that something went wrong, or the answer was a file

addEventListener("submit", event => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sent" in form.dataset) { event.preventDefault(); return; }
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, Sending);
});
// Back with the browser's button: the page is as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(form => delete form.dataset.sent));
