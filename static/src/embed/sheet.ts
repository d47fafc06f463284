// What the widget looks like around its frame.

export const SHEET = `
:host { all: initial; }
:host(.popup) { position: fixed; inset: auto 20px 20px auto; z-index: 2147483000; --colour: #17694e; --on-colour: #fff; }
:host(.popup.left) { inset: auto auto 20px 20px; }
:host(.inline) { display: block; width: 100%; height: 100%; min-height: 480px; }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: light dark; }
:host(.inline) iframe { min-height: inherit; border-radius: 12px; }
:host(.popup) iframe {
  position: absolute; bottom: 72px; right: 0; width: 400px; height: min(640px, calc(100vh - 120px));
  max-width: calc(100vw - 40px); border-radius: 16px; box-shadow: 0 12px 40px rgb(0 0 0 / 0.28); background: Canvas; display: none;
}
:host(.popup.left) iframe { right: auto; left: 0; }
:host(.popup.open) iframe { display: block; }
button {
  all: unset; box-sizing: border-box; display: grid; place-items: center; width: 56px; height: 56px; border-radius: 50%; cursor: pointer;
  background: var(--colour); color: var(--on-colour); box-shadow: 0 4px 16px rgb(0 0 0 / 0.25); transition: transform 0.15s;
}
button:hover { transform: scale(1.05); }
button:focus-visible { outline: 3px solid var(--colour); outline-offset: 3px; }
svg { grid-area: 1 / 1; width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
svg + svg, :host(.open) svg:first-of-type { visibility: hidden; }
:host(.open) svg + svg { visibility: visible; }
@media (max-width: 480px) {
  :host(.popup.open) { inset: 0; }
  :host(.popup) iframe { position: fixed; inset: 0; width: 100%; height: 100%; max-width: none; border-radius: 0; }
  :host(.open) button { display: none; }
}
@media (prefers-reduced-motion: reduce) { button { transition: none; } }
`;
