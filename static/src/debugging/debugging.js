// Streams the answer into the debug pane, then has the server tell what became of the run.
const followed = new Set();

class Answer {
  #place;
  #source;
  #texts = new Map();

  constructor(place) {
    this.#place = place;
    this.#source = new EventSource(`/api/runs/${place.dataset.run}/events`);
    this.#on("node.started", ({ node }) => {
      this.#texts.set(node, "");
      this.#place.querySelector("[data-step]").textContent = node;
    });
    this.#on("node.token", ({ node, data }) => {
      this.#texts.set(node, (this.#texts.get(node) ?? "") + data.text);
      this.#place.querySelector("[data-answer]").textContent = this.#texts.get(node);
    });
    for (const last of ["run.finished", "run.failed", "run.cancelled", "run.waiting"]) this.#on(last, () => this.#end());
  }

  #on(type, take) {
    this.#source.addEventListener(type, (event) => this.#place.isConnected ? take(JSON.parse(event.data)) : this.#source.close());
  }

  #end() {
    this.#source.close();
    window.htmx.ajax("GET", this.#place.dataset.outcome, { target: this.#place, swap: "innerHTML" });
  }
}

function follow() {
  for (const place of document.querySelectorAll("[data-run]")) {
    if (followed.has(place.dataset.run)) continue;
    followed.add(place.dataset.run);
    new Answer(place);
  }
}

document.addEventListener("htmx:after:swap", follow);
follow();
