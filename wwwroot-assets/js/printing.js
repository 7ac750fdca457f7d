// The browser's own print, which also saves as PDF. Only a script can open it, so only a script shows it.
for (const place of document.querySelectorAll("[data-print]")) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => print());
}
