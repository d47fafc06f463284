// A rewrite is read as it is written, then shown as what it changes, to be used, tried again or dropped.
let reading = null; // the AbortController of the rewrite that streams now

const root = (target) => target.closest("[data-improve]");
const part = (improve, name) => improve.querySelector(`[data-${name}]`);

function show(element, text) {
  element.hidden = text === "";
  element.textContent = text;
}

function reset(improve) {
  reading?.abort();
  reading = null;
  part(improve, "result").hidden = true;
}

async function rewrite(improve, form) {
  reading?.abort();
  const mine = (reading = new AbortController());
  begin(improve);
  const given = Object.fromEntries(new FormData(form));
  const { question = "", answer = "", error = "", wrong = "", expected = "" } = given;
  const failure = { question, answer, error, wrong, expected };
  const { node, setting, url } = improve.dataset;
  try {
    const response = await fetch(url, {
      method: "POST",
      signal: mine.signal,
      headers: { "Content-Type": "application/json", "X-CSRFToken": given.csrfmiddlewaretoken },
      body: JSON.stringify({ node, setting, model: given.model, wish: given.wish, failure }),
    });
    if (!response.ok) throw new Error((await response.json()).error.message);
    for await (const event of events(response.body)) take(improve, event);
  } catch (problem) {
    if (!mine.signal.aborted) failed(improve, problem.message);
  } finally {
    if (reading === mine) part(improve, "stop").hidden = true;
  }
}

/** Server-sent events of a body. */
async function* events(body) {
  let text = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    text += value;
    const frames = text.split("\n\n");
    text = frames.pop();
    for (const frame of frames) {
      const data = frame.split("\n").find((line) => line.startsWith("data: "));
      if (data) yield JSON.parse(data.slice(6));
    }
  }
}

function begin(improve) {
  for (const name of ["written", "failed", "difference", "restored", "removed", "use"]) part(improve, name).hidden = true;
  part(improve, "written").textContent = "";
  part(improve, "result").hidden = false;
  part(improve, "stop").hidden = false;
}

function take(improve, event) {
  if (event.type === "token") {
    const written = part(improve, "written");
    show(written, written.textContent + event.text);
    written.scrollTop = written.scrollHeight;
  } else if (event.type === "failed") failed(improve, event.error);
  else finished(improve, event);
}

function failed(improve, message) {
  show(part(improve, "written"), "");
  show(part(improve, "failed"), message);
}

function finished(improve, event) {
  show(part(improve, "written"), "");
  const difference = part(improve, "difference");
  difference.replaceChildren(...event.difference.map((piece) => drawn(improve, piece)));
  difference.hidden = false;
  for (const name of ["restored", "removed"]) {
    const note = part(improve, name);
    note.hidden = !event[name].length;
    note.querySelector("span").textContent = event[name].map((hole) => `{{ ${hole} }}`).join(", ");
  }
  const use = part(improve, "use");
  use.elements.text.value = event.text;
  use.hidden = false;
}

function drawn(improve, { kind, text }) {
  const template = improve.querySelector(`template[data-piece="${kind}"]`);
  if (!template) return document.createTextNode(text);
  const piece = template.content.firstElementChild.cloneNode();
  piece.textContent = text;
  return piece;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-rewrite]")) return;
  event.preventDefault();
  void rewrite(root(event.target), event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-improve] :is([data-retry], [data-cancel], [data-stop])");
  if (!button) return;
  const improve = root(button);
  if ("retry" in button.dataset) void rewrite(improve, part(improve, "rewrite"));
  else reset(improve);
});
