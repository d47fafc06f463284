// The review queue by keys: each button says its own in data-key. Listens on the document, for the card is replaced.
const KEYS = new Set(["u", "d", "s", "c"]);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing?.name === "correction" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    document.querySelector('[data-correct] [value="correct"]').click();
  } else if (typing?.name === "correction" && event.key === "Escape") {
    typing.closest("details").open = false;
  } else if (!typing && KEYS.has(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) {
    const button = document.querySelector(`[data-key="${event.key}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  }
});

// Opened to correct: the words are ready to be changed.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.("[data-correct][open]")) event.target.querySelector("textarea").focus();
  },
  true,
);
