// Runs before the first paint, so that nobody sees the wrong theme flash by.
const KEY = "flowbuilder-theme";
const ORDER = ["system", "paper", "night"];
const SIGNS = { system: "◐", paper: "☀", night: "☾" };

const chosen = () => localStorage.getItem(KEY) ?? "system";

function apply() {
  const theme = chosen();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.textContent = SIGNS[theme];
    // Its words come from the page, in the page's language.
    button.title = button.dataset[theme] ?? "";
    button.setAttribute("aria-label", button.title);
  }
}

apply();
document.addEventListener("DOMContentLoaded", apply);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  localStorage.setItem(KEY, ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length]);
  apply();
});

// A button with data-copies="id" copies the text of that element. Over plain HTTP from another machine the
// browser offers no clipboard: then the text is selected, ready for Ctrl-C.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(source);
  }
});
