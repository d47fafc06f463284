// One question with its answer, on the page. Its words come from the page's <template>, so that they are translated there.

import { preview } from "./preview.ts";
import type { Opinion, Reply, Source } from "./server.ts";

const REDRAW_MS = 60;

export class TurnView {
  readonly element: HTMLElement;
  readonly question: string;
  #text = "";
  #redraw: ReturnType<typeof setTimeout> | undefined;

  constructor(question: string, into: HTMLElement) {
    const template = document.querySelector<HTMLTemplateElement>("#turn")!;
    this.element = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    this.question = question;
    this.part("question").textContent = question;
    into.append(this.element);
  }

  part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.element.querySelector<T>(`[data-part=${name}]`)!;
  }

  /** What was written so far is void. */
  start(): void {
    this.#text = "";
    this.#draw();
  }

  write(text: string): void {
    this.#text += text;
    this.#redraw ??= setTimeout(() => this.#draw(), REDRAW_MS);
  }

  reply({ text, html, sources }: Reply): void {
    this.#end();
    this.#text = text;
    const answer = this.part("answer");
    // The server cleaned it (nh3) of everything but text markup.
    answer.innerHTML = html;
    for (const link of answer.querySelectorAll("a")) link.target = "_blank";
    answer.hidden = false;
    if (!text) this.note("empty");
    this.#cite(sources);
    this.part("bar").hidden = !text;
  }

  stopped(): void {
    this.#end();
    this.note("stopped");
  }

  problem(message: string): void {
    this.#end();
    this.part("message").textContent = message;
    this.part("problem").hidden = false;
  }

  waiting(message: string): void {
    this.part("doing").textContent = message;
  }

  note(name: "stopped" | "empty" | "lost", shown = true): void {
    this.part(name).hidden = !shown;
  }

  /** Calls back with what the visitor thinks; the bar shows what was kept. */
  onOpinion(say: (opinion: Opinion) => Promise<void>): void {
    const bar = this.element.querySelector<HTMLElement>("[data-part=opinion]");
    if (!bar) return;
    const form = this.part<HTMLFormElement>("better");
    const thumbs = [...bar.querySelectorAll<HTMLButtonElement>("[data-up]")];
    const keep = async (opinion: Opinion): Promise<void> => {
      await say(opinion);
      for (const thumb of thumbs) thumb.setAttribute("aria-pressed", String((thumb.dataset.up === "true") === opinion.up));
      this.part("thanks").hidden = false;
    };
    for (const thumb of thumbs) {
      thumb.addEventListener("click", () => {
        const up = thumb.dataset.up === "true";
        form.hidden = up;
        // It opens below the answer, which is where a small window ends.
        if (!up) form.scrollIntoView({ block: "nearest" });
        void keep({ up });
      });
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = new FormData(form);
      const opinion = { up: false, reason: String(said.get("reason") ?? ""), correction: String(said.get("correction") ?? "") };
      void keep(opinion).then(() => (form.hidden = true));
    });
  }

  onAgain(again: () => void): void {
    this.part("again").addEventListener("click", again);
  }

  onCopy(): void {
    const button = this.part("copy");
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => void navigator.clipboard.writeText(this.#text).then(() => (button.title = button.dataset.copied ?? "")));
  }

  #draw(): void {
    this.#redraw = undefined;
    const answer = this.part("answer");
    answer.replaceChildren(preview(this.#text));
    answer.hidden = !this.#text;
  }

  #end(): void {
    clearTimeout(this.#redraw);
    this.#redraw = undefined;
    this.part("busy").hidden = true;
    this.note("lost", false);
  }

  #cite(sources: Source[]): void {
    if (!sources.length) return;
    const list = this.part("sources");
    list.hidden = false;
    list.querySelector("[data-part=count]")!.textContent = String(sources.length);
    list.querySelector("ol")!.append(...sources.map(citation));
  }
}

function citation({ number, name, heading, text }: Source): HTMLElement {
  const item = document.createElement("li");
  if (number) item.value = number;
  const title = document.createElement(text ? "summary" : "span");
  title.textContent = heading && heading !== name ? `${name} · ${heading}` : name;
  if (!text) {
    item.append(title);
    return item;
  }
  const opened = document.createElement("details");
  const quote = document.createElement("blockquote");
  quote.textContent = text;
  opened.append(title, quote);
  item.append(opened);
  return item;
}
