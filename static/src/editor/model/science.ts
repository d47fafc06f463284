// What a look into a model shows: tokens, what it expects next, attention.

import { isRecord } from "./schema.ts";

export interface Token {
  id: number;
  piece: string;
  text: string;
  /** Hexadecimal. */
  bytes: string;
}

export interface Expectation {
  tokens: readonly Token[];
  next: readonly (Token & { probability: number })[];
  entropy: number;
}

export interface AttentionMap {
  name: "decoder" | "encoder" | "cross";
  heads: number;
  rows: number;
  columns: number;
  /** Base64 of one byte a weight: head by head, row by row. */
  layers: readonly { layer: number; weights: string }[];
}

export interface TokensLook {
  model: string;
  tokens: readonly Token[];
}

export interface AttentionLook extends TokensLook {
  written: readonly Token[];
  maps: readonly AttentionMap[];
}

export interface StepsLook {
  steps: readonly Expectation[];
  taken: readonly Token[];
}

export type AnyLook = TokensLook | AttentionLook | StepsLook;

export function isLook(value: unknown): value is AnyLook {
  return isRecord(value) && (isTokens(value.tokens) || isSteps(value));
}

export function isAttention(look: AnyLook): look is AttentionLook {
  return "maps" in look;
}

export function isSteps(look: unknown): look is StepsLook {
  return isRecord(look) && Array.isArray(look.steps) && look.steps.every((step) => isRecord(step) && Array.isArray(step.next) && isTokens(step.tokens));
}

function isTokens(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((token) => isRecord(token) && typeof token.id === "number" && typeof token.piece === "string");
}

/** The weights of one head in 0..1, a row for each token that asks. */
export function weightsOf(map: AttentionMap, layer: number, head: number): number[][] {
  const packed = map.layers.find((known) => known.layer === layer)?.weights ?? "";
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const start = head * map.rows * map.columns;
  return Array.from({ length: map.rows }, (_, row) =>
    Array.from({ length: map.columns }, (_, column) => (bytes[start + row * map.columns + column] ?? 0) / 255),
  );
}

/** Who asks and who is looked at. */
export function sidesOf(look: AttentionLook, map: AttentionMap): { rows: readonly Token[]; columns: readonly Token[] } {
  const written = look.written.length > 0;
  return {
    rows: written && map.name !== "encoder" ? look.written : look.tokens,
    columns: written && map.name === "decoder" ? look.written : look.tokens,
  };
}

/** A token as it can be seen, or its own piece where it cannot, as of half a letter; spaces and ends of lines as signs. */
export function visible(token: Token): string {
  const text = token.text.replaceAll("\n", "⏎").replaceAll(" ", "·");
  return text && !/[\p{C}\ufffd]/u.test(text) ? text : token.piece;
}
