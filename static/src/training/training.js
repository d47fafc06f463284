// A job's charts read out a step, by pointer and by keys; its samples are shown at a step of choice. The page is morphed
// while the job goes on, so what was chosen is kept here and put back after each swap.
const chosenAnswers = new Map();
let read = null; // {chart: name, step: number or null for the newest}

const chartOf = (target) => target.closest?.("[data-chart]");
const points = (line) => line.dataset.values.split(" ").map((pair) => pair.split(":").map(Number));

function show(chart, step) {
  const lines = [...chart.querySelectorAll("[data-values]")];
  const { first, last } = chart.dataset;
  const across = ((step - first) / Math.max(1, last - first)) * 300;
  const cursor = chart.querySelector("[data-cursor]");
  cursor.setAttribute("x1", across);
  cursor.setAttribute("x2", across);
  cursor.removeAttribute("visibility");
  const told = lines.map((line) => {
    const near = points(line).reduce((best, point) => (Math.abs(point[0] - step) < Math.abs(best[0] - step) ? point : best));
    return (lines.length > 1 ? `${line.dataset.name.split(" ")[0]} ` : "") + near[1];
  });
  chart.querySelector("output").textContent = `${chart.dataset.step} ${step}: ${told.join(" · ")}`;
}

function hide(chart) {
  chart.querySelector("[data-cursor]").setAttribute("visibility", "hidden");
  chart.querySelector("output").textContent = "";
}

function steps(chart) {
  return [...new Set([...chart.querySelectorAll("[data-values]")].flatMap((line) => points(line).map(([step]) => step)))].sort((a, b) => a - b);
}

function nearest(chart, clientX) {
  const box = chart.querySelector("svg").getBoundingClientRect();
  const { first, last } = chart.dataset;
  const at = Number(first) + ((clientX - box.left) / box.width) * (last - first);
  return steps(chart).reduce((best, step) => (Math.abs(step - at) < Math.abs(best - at) ? step : best));
}

function tell(chart, step) {
  read = { chart: chart.dataset.chart, step };
  show(chart, step);
}

document.addEventListener("pointermove", (event) => {
  const chart = event.target.closest?.("svg") && chartOf(event.target);
  if (chart) tell(chart, nearest(chart, event.clientX));
});

for (const leaving of ["pointerout", "focusout"]) {
  document.addEventListener(leaving, (event) => {
    const chart = chartOf(event.target);
    if (!chart || chart.contains(event.relatedTarget)) return;
    read = null;
    hide(chart);
  });
}

document.addEventListener("focusin", (event) => {
  const chart = event.target.matches?.("svg") && chartOf(event.target);
  if (chart) tell(chart, steps(chart).at(-1));
});

document.addEventListener("keydown", (event) => {
  const chart = event.target.matches?.("svg") && chartOf(event.target);
  if (!chart) return;
  const all = steps(chart);
  const now = Math.max(0, all.indexOf(read?.step));
  const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: all.length - 1, PageUp: now + 10, PageDown: now - 10 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  tell(chart, all[Math.min(all.length - 1, Math.max(0, next))]);
});

function turn(prompt, index) {
  const answers = [...prompt.querySelectorAll("[data-answer]")];
  answers.forEach((answer, at) => (answer.hidden = at !== index));
  const slider = prompt.querySelector("input[type=range]");
  if (!slider) return;
  slider.value = index;
  slider.setAttribute("aria-valuetext", `${slider.dataset.step} ${answers[index].dataset.answer}`);
}

document.addEventListener("input", (event) => {
  const prompt = event.target.matches("input[type=range]") && event.target.closest("[data-prompt]");
  if (!prompt) return;
  const index = Number(event.target.value);
  // At its end the slider follows the newest answer.
  if (index === Number(event.target.max)) chosenAnswers.delete(prompt.dataset.prompt);
  else chosenAnswers.set(prompt.dataset.prompt, prompt.querySelectorAll("[data-answer]")[index].dataset.answer);
  turn(prompt, index);
});

document.addEventListener("htmx:after:swap", () => {
  for (const prompt of document.querySelectorAll("[data-prompt]")) {
    const answers = [...prompt.querySelectorAll("[data-answer]")];
    const kept = answers.findIndex((answer) => answer.dataset.answer === chosenAnswers.get(prompt.dataset.prompt));
    turn(prompt, kept < 0 ? answers.length - 1 : kept);
  }
  const chart = read && document.querySelector(`[data-chart="${CSS.escape(read.chart)}"]`);
  if (chart) show(chart, read.step);
});
