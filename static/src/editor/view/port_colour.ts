import type { CSSProperties } from "react";

// Chosen apart from each other on the colour wheel; a new type gets a hue from its name.
const HUES: Record<string, number> = {
  text: 240,
  number: 200,
  "yes/no": 180,
  Passages: 75,
  Record: 300,
  Candidates: 130,
  Score: 15,
  Preferences: 45,
  Demonstrations: 100,
  Prompts: 220,
  ModelVersion: 270,
  Failure: 25,
};

export function colourOf(type: string): CSSProperties {
  const hue = HUES[type] ?? [...type].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  const chroma = type === "anything" ? 0.01 : 0.13;
  return { "--port": `oklch(var(--port-lightness) ${chroma} ${hue})` } as CSSProperties;
}

const CATEGORIES: Record<string, number> = { flow: 165, data: 100, text: 240, knowledge: 75, language: 285, reward: 15, training: 45, tools: 200 };

export function categoryColour(category: string): CSSProperties {
  const hue = CATEGORIES[category] ?? [...category].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return { "--port": `oklch(var(--port-lightness) 0.11 ${hue})` } as CSSProperties;
}
