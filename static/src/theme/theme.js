// Runs before the first paint, so that nobody sees the wrong theme flash by.
const KEY = "flowbuilder-theme";
const ORDER = ["system", "paper", "night"];
const NAMES = { system: "System theme", paper: "Light theme", night: "Dark theme" };
const SIGNS = { system: "◐", paper: "☀", night: "☾" };

const chosen = () => localStorage.getItem(KEY) ?? "system";

function apply() {
  const theme = chosen();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.textContent = SIGNS[theme];
    button.title = NAMES[theme];
    button.setAttribute("aria-label", NAMES[theme]);
  }
}

apply();
document.addEventListener("DOMContentLoaded", apply);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  localStorage.setItem(KEY, ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length]);
  apply();
});
