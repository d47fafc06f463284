// <script src="https://.../static/dist/embed.js" data-bot="address" async></script>
//
// Puts a published flow on any page: a button that opens it (popup), or in place of the script tag (inline). The page
// keeps its own content security policy: all it must allow is this server in script-src and frame-src. Styles are a
// constructed sheet in a shadow root, so nothing of the page's styles comes in and nothing leaks out.

import { inkOn, isColour } from "./colour.ts";
import { nameIn } from "./language.ts";
import { SHEET } from "./sheet.ts";

const script = document.currentScript as HTMLScriptElement | null;
if (script?.dataset.bot) start(script);

function start(script: HTMLScriptElement): void {
  const go = (): void => void (script.dataset.mode === "inline" ? inline(script) : popup(script));
  if (document.body) go();
  else document.addEventListener("DOMContentLoaded", go);
}

function inline(script: HTMLScriptElement): void {
  const place = script.dataset.target ? document.querySelector(script.dataset.target) : null;
  const { host, root } = shadow("inline");
  root.append(frame(script, "inline"));
  if (place) place.append(host);
  else script.after(host);
}

function popup(script: HTMLScriptElement): void {
  const { dataset } = script;
  const { host, root } = shadow("popup");
  const title = titleOf(script);
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", title);
  button.setAttribute("aria-expanded", "false");
  button.title = title;
  button.append(icon("M12 3c5 0 9 3.4 9 7.6s-4 7.6-9 7.6c-1 0-2-.1-2.9-.4L4 20.5l1.3-4.2C3.9 14.9 3 12.9 3 10.6 3 6.4 7 3 12 3z"), icon("M6 9l6 6 6-6"));
  if (dataset.position === "left") host.classList.add("left");
  if (isColour(dataset.colour)) {
    host.style.setProperty("--colour", dataset.colour);
    host.style.setProperty("--on-colour", inkOn(dataset.colour));
  }
  root.append(button);

  let shown: HTMLIFrameElement | null = null;
  const set = (open: boolean): void => {
    // Made when it is first wanted: a page that nobody chats on loads nothing but this script.
    if (open && !shown) {
      shown = frame(script, "popup");
      root.prepend(shown);
    }
    host.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) shown?.focus();
    else button.focus();
  };
  button.addEventListener("click", () => set(!host.classList.contains("open")));
  addEventListener("message", ({ source, data }) => {
    if (shown && source === shown.contentWindow && data === "flowbuilder:close") set(false);
  });
  document.body.append(host);
  if (dataset.open === "true") set(true);
}

function shadow(kind: "inline" | "popup"): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement("div");
  host.className = kind;
  host.dataset.flowbuilder = kind;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  root.adoptedStyleSheets = [sheet];
  return { host, root };
}

function frame(script: HTMLScriptElement, mode: string): HTMLIFrameElement {
  const { bot = "", colour, theme = "", title = "", greeting = "", language = "" } = script.dataset;
  const wanted = new URLSearchParams({ site: location.origin, mode, theme, title, greeting, language });
  if (isColour(colour)) {
    wanted.set("colour", colour);
    wanted.set("ink", inkOn(colour));
  }
  const made = document.createElement("iframe");
  made.src = `${new URL(script.src).origin}/chat/${encodeURIComponent(bot)}/frame/?${wanted}`;
  made.title = titleOf(script);
  made.allow = "clipboard-write";
  return made;
}

function titleOf(script: HTMLScriptElement): string {
  return script.dataset.title || nameIn(script.dataset.language, navigator.language);
}

function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}
