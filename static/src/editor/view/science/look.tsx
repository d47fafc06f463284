import { isAttention, isSteps, visible } from "../../model/science.ts";
import type { AnyLook, Token } from "../../model/science.ts";
import { t } from "../../../i18n/t.ts";
import { Attention } from "./attention.tsx";
import { NextTokens } from "./next_tokens.tsx";

/** A look into a model, as pictures. */
export function Look({ look }: { look: AnyLook }) {
  if (isSteps(look)) return <NextTokens look={look} />;
  if (isAttention(look)) return <Attention look={look} />;
  return <Tokens tokens={look.tokens} />;
}

export function Tokens({ tokens }: { tokens: readonly Token[] }) {
  return (
    <ol className="flex flex-wrap gap-1" aria-label={t("Tokens")} data-testid="tokens">
      {tokens.map((token, index) => (
        <li key={index} className="flex flex-col rounded border border-base-300 px-1 text-center font-mono text-xs" title={`${token.piece} · ${token.bytes}`}>
          <span className="whitespace-pre">{visible(token)}</span>
          <span className="opacity-75">{token.id}</span>
        </li>
      ))}
    </ol>
  );
}
