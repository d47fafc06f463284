// The review queue by keys: each button says its own in data-key. Listens on the document, for the card is replaced.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (typing?.name === "correction" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    document.querySelector('[data-correct] [value="correct"]').click();
  } else if (typing?.name === "correction" && event.key === "Escape") {
    typing.closest("details").open = false;
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat) {
    const button = document.querySelector(`#review [data-key="${CSS.escape(event.key)}"]:enabled, #review summary[data-key="${CSS.escape(event.key)}"]`);
    if (!button || (event.key === "Enter" && event.target.closest("a, button, summary"))) return;
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

// A ranking: answers are pressed in their order, which the form's hidden field holds.
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-rank], [data-rank-undo]");
  const form = pressed?.closest("[data-ranking]");
  if (!form) return;
  const field = form.elements.order;
  const order = field.value ? field.value.split(",") : [];
  const { rank } = pressed.dataset;
  if (rank === undefined) order.pop();
  else if (order.includes(rank)) order.splice(order.indexOf(rank), 1);
  else order.push(rank);
  field.value = order.join();
  showOrder(form, order);
});

function showOrder(form, order) {
  const answers = form.querySelectorAll("[data-rank]");
  for (const answer of answers) {
    const place = order.indexOf(answer.dataset.rank) + 1;
    const shown = answer.querySelector("output");
    answer.setAttribute("aria-pressed", String(place > 0));
    shown.value = place || "";
    shown.hidden = !place;
  }
  form.querySelector("[data-rank-done]").disabled = order.length < answers.length;
}
