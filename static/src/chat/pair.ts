// A second answer to the same question beside the first: which of the two is better? Nobody is told which came first.

export interface Pair {
  status: "open" | "ready" | "failed";
  left?: { html: string };
  right?: { html: string };
  message?: string;
}

export type Better = "left" | "right" | "equal";

export interface Comparing {
  begin: () => Promise<unknown>;
  look: () => Promise<Pair>;
  decide: (better: Better) => Promise<unknown>;
  wait?: (ms: number) => Promise<unknown>;
}

const LOOK_MS = 1500;

/** The pair once both answers are there; rejects with why one of them never comes. */
export async function compared({ begin, look, wait = pause }: Comparing): Promise<Pair> {
  await begin();
  for (;;) {
    const pair = await look();
    if (pair.status === "failed") throw new Error(pair.message);
    if (pair.status === "ready") return pair;
    await wait(LOOK_MS);
  }
}

/** Makes the turn's button ask for the second answer, and its panel take the verdict. */
export function offerPair(turn: HTMLElement, comparing: Comparing): void {
  const button = turn.querySelector<HTMLButtonElement>("[data-part=another]");
  const panel = turn.querySelector<HTMLElement>("[data-part=pair]");
  if (!button || !panel) return;
  const part = (name: string): HTMLElement => panel.querySelector<HTMLElement>(`[data-side=${name}]`)!;
  const note = (text: string): void => {
    part("note").textContent = text;
    part("note").hidden = !text;
  };
  const choices = [...panel.querySelectorAll<HTMLButtonElement>("[data-better]")];

  button.addEventListener("click", () => {
    button.disabled = true;
    panel.hidden = false;
    note(panel.dataset.writing ?? "");
    compared(comparing).then(
      ({ left, right }) => {
        note("");
        // The server cleaned both (nh3) of everything but text markup.
        part("left").innerHTML = left?.html ?? "";
        part("right").innerHTML = right?.html ?? "";
        part("answers").hidden = false;
        choices[0]?.focus();
      },
      (error: Error) => note(error.message),
    );
  });
  for (const choice of choices) {
    choice.addEventListener("click", () => {
      const better = choice.dataset.better as Better;
      comparing.decide(better).then(
        () => {
          for (const each of choices) each.setAttribute("aria-pressed", String(each === choice));
          note(panel.dataset.thanks ?? "");
        },
        (error: Error) => note(error.message),
      );
    });
  }
}

const pause = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
