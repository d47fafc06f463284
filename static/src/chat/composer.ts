// Where a visitor says what they want: a question in one field, or the form with which the flow begins.

export interface Asked {
  question: string;
  inputs?: Record<string, string>;
  /** As the conversation shows it. */
  shown: string;
}

export interface Composer {
  onAsk: (ask: (asked: Asked) => void) => void;
  /** Something is being answered, or nothing any more. */
  busy: (yes: boolean) => void;
  clear: () => void;
  focus: () => void;
}

export function composerOf(page: HTMLElement, log: HTMLElement): Composer {
  const form = page.querySelector<HTMLFormElement>("[data-form]");
  return form ? new FormComposer(page, form, log) : new QuestionComposer(page);
}

class QuestionComposer implements Composer {
  #form: HTMLFormElement;
  #input: HTMLTextAreaElement;
  #send: HTMLButtonElement;

  constructor(page: HTMLElement) {
    this.#form = page.querySelector<HTMLFormElement>("[data-composer]")!;
    this.#input = this.#form.querySelector("textarea")!;
    this.#send = this.#form.querySelector<HTMLButtonElement>("[data-send]")!;
    this.#input.addEventListener("input", () => this.#fit());
    // Pressed before there was somebody to take it, the form would load the page anew.
    this.#send.disabled = false;
  }

  onAsk(ask: (asked: Asked) => void): void {
    const send = (event: Event): void => {
      event.preventDefault();
      ask({ question: this.#input.value, shown: this.#input.value });
    };
    this.#form.addEventListener("submit", send);
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
    });
  }

  busy(yes: boolean): void {
    this.#send.hidden = yes;
  }

  clear(): void {
    this.#input.value = "";
    this.#fit();
  }

  focus(): void {
    this.#input.focus();
  }

  #fit(): void {
    this.#input.style.height = "auto";
    this.#input.style.height = `${Math.min(this.#input.scrollHeight, 180)}px`;
  }
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

class FormComposer implements Composer {
  #form: HTMLFormElement;
  #again: HTMLButtonElement;
  #welcome: HTMLElement;
  #send: HTMLButtonElement;

  constructor(page: HTMLElement, form: HTMLFormElement, log: HTMLElement) {
    this.#form = form;
    this.#welcome = page.querySelector<HTMLElement>("[data-welcome]")!;
    this.#again = page.querySelector<HTMLButtonElement>("[data-fill-in]")!;
    this.#send = form.querySelector<HTMLButtonElement>("[data-send]")!;
    this.#send.disabled = false;
    this.#again.addEventListener("click", () => {
      log.append(this.#welcome);
      this.#welcome.hidden = false;
      this.#again.hidden = true;
      this.focus();
    });
  }

  onAsk(ask: (asked: Asked) => void): void {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#filledIn().then(ask);
    });
  }

  busy(yes: boolean): void {
    this.#send.disabled = yes;
    this.#again.hidden = yes || !this.#welcome.hidden;
  }

  clear(): void {
    // What was filled in stays: whoever asks again mostly changes one thing.
  }

  focus(): void {
    this.#controls()[0]?.focus();
  }

  #controls(): Control[] {
    return [...this.#form.querySelectorAll<Control>("[data-kind]")];
  }

  async #filledIn(): Promise<Asked> {
    const inputs: Record<string, string> = {};
    const shown: string[] = [];
    for (const control of this.#controls()) {
      const value = await valueOf(control);
      inputs[control.name] = value;
      shown.push(told(control, value));
    }
    return { question: "", inputs, shown: shown.filter(Boolean).join("\n") };
  }
}

/** In the conversation; empty for what was left empty. */
function told(control: Control, value: string): string {
  const label = (control.closest("label")?.querySelector("span")?.firstChild?.textContent ?? control.name).replace(/[?:]\s*$/, "");
  if (control.dataset.kind === "yes_no") return value === "true" ? label : "";
  const said = control.dataset.kind === "file" ? ((control as HTMLInputElement).files?.[0]?.name ?? "") : value;
  return said ? `${label}: ${said}` : "";
}

async function valueOf(control: Control): Promise<string> {
  if (!(control instanceof HTMLInputElement)) return control.value;
  if (control.type === "checkbox") return String(control.checked);
  if (control.type === "file") return (await control.files?.[0]?.text()) ?? "";
  return control.value;
}
