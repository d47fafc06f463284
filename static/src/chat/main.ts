// The public page, and the same page in a widget's frame: ask, read along, stop, say what one thinks.

import { composerOf } from "./composer.ts";
import type { Asked } from "./composer.ts";
import { Conversation } from "./conversation.ts";
import { follow } from "./events.ts";
import type { ServerEvent } from "./events.ts";
import { offerPair } from "./pair.ts";
import { Refused, Server } from "./server.ts";
import type { Reply } from "./server.ts";
import { TurnView } from "./turn.ts";

const page = document.querySelector<HTMLElement>("#chat")!;
const { address = "", pass = "", via = "page", offline = "" } = page.dataset;
const log = page.querySelector<HTMLElement>("[data-log]")!;
const welcome = page.querySelector<HTMLElement>("[data-welcome]")!;
const stop = page.querySelector<HTMLButtonElement>("[data-stop]")!;
const composer = composerOf(page, log);

const server = new Server({ address, pass, via, offline });
const conversation = new Conversation(address);
let asking: { run: string; reading: AbortController } | null = null;

async function ask(asked: Asked): Promise<void> {
  if ((!asked.question.trim() && !asked.inputs) || asking) return;
  composer.clear();
  const view = open(asked);
  const mine = { run: "", reading: new AbortController() };
  busy(mine);
  try {
    mine.run = await server.ask(asked, conversation.id);
    conversation.add(mine.run);
    await read(view, mine.run, mine.reading.signal);
  } catch (error) {
    view.problem(error instanceof Error ? error.message : String(error));
  } finally {
    if (asking === mine) busy(null);
  }
}

function open(asked: Asked): TurnView {
  welcome.hidden = true;
  const view = new TurnView(asked.shown, log);
  view.onAgain(() => {
    view.element.remove();
    void ask(asked);
  });
  view.onCopy();
  view.element.scrollIntoView({ block: "start" });
  return view;
}

async function read(view: TurnView, run: string, signal: AbortSignal): Promise<void> {
  takeOpinions(view, run);
  const take = ({ kind, data }: ServerEvent): void => {
    const near = isNearEnd();
    if (kind === "start") view.start();
    else if (kind === "text") view.write(String(data.text));
    else if (kind === "reply") view.reply(data as unknown as Reply);
    else if (kind === "waiting") view.waiting(String(data.message));
    else if (kind === "stopped") view.stopped();
    else view.problem(String(data.message));
    if (near) log.scrollTop = log.scrollHeight;
  };
  const passing = (error: unknown): boolean => !(error instanceof Refused) || error.status === 0 || error.status >= 500;
  await follow({ open: (after, aborted) => server.events(run, after, aborted), take, passing, connected: (yes) => view.note("lost", !yes) }, signal);
}

function takeOpinions(view: TurnView, run: string): void {
  view.onOpinion(async (opinion) => void (await server.rate(run, opinion)));
  offerPair(view.element, { begin: () => server.again(run), look: () => server.pair(run), decide: (better) => server.decide(run, better) });
}

/** Whoever has scrolled up to read is left there. */
function isNearEnd(): boolean {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
}

function busy(now: typeof asking): void {
  asking = now;
  composer.busy(now !== null);
  stop.hidden = now === null;
  log.setAttribute("aria-busy", String(now !== null));
}

async function showAgain(): Promise<void> {
  for (const run of conversation.runs) {
    const told = await server.question(run).catch(() => null);
    if (!told) continue;
    const view = open({ question: told.question, shown: told.question });
    if (told.status === "answered") {
      takeOpinions(view, run);
      view.reply(told as Reply);
    } else if (told.status === "stopped") view.stopped();
    else if (told.status === "failed") view.problem(told.message ?? "");
    else {
      const mine = { run, reading: new AbortController() };
      busy(mine);
      await read(view, run, mine.reading.signal).catch((error: unknown) => view.problem(String(error)));
      if (asking === mine) busy(null);
    }
  }
  if (!asking) composer.busy(false);
}

composer.onAsk((asked) => void ask(asked));
stop.addEventListener("click", () => {
  if (asking?.run) void server.stop(asking.run).catch(() => {});
});
page.querySelector("[data-anew]")!.addEventListener("click", () => {
  asking?.reading.abort();
  if (asking?.run) void server.stop(asking.run).catch(() => {});
  busy(null);
  conversation.startAnew();
  for (const turn of log.querySelectorAll("article")) turn.remove();
  welcome.hidden = false;
  busy(null);
  composer.focus();
});
for (const example of page.querySelectorAll<HTMLButtonElement>("[data-example]")) {
  const question = example.textContent?.trim() ?? "";
  example.addEventListener("click", () => void ask({ question, shown: question }));
}
if (window.parent !== window) {
  // The widget around the frame closes it; it knows us by the window that speaks, and learns nothing else.
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") window.parent.postMessage("flowbuilder:close", "*");
  });
  page.querySelector("[data-close]")?.addEventListener("click", () => window.parent.postMessage("flowbuilder:close", "*"));
}
void showAgain();
