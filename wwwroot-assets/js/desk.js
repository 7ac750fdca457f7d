// The desk by keys, wherever the focus is: arrows, and what the clickers of presenters send.
const turns = { ArrowRight: "on", PageDown: "on", ArrowLeft: "back", PageUp: "back" };

document.addEventListener("keydown", event => {
  const turn = turns[event.key];
  if (!turn || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target.closest("input, textarea, select, [contenteditable], live-conversation")) return;
  const button = document.querySelector(`.desk [data-turn=${turn}]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
