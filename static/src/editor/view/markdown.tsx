import type { ReactNode } from "react";

/** The little Markdown that notes need. It makes elements, never HTML from text. */
export function Markdown({ text }: { text: string }) {
  return <div className="markdown">{text.replace(/^(#{1,3} .*)\n(?!\n)/gm, "$1\n\n").split(/\n{2,}/).map((block, index) => <Block key={index} text={block} />)}</div>;
}

function Block({ text }: { text: string }) {
  const heading = /^(#{1,3}) (.*)$/.exec(text);
  if (heading) return <p className={`font-semibold ${heading[1]?.length === 1 ? "text-base" : "text-sm"}`}>{inline(heading[2] ?? "")}</p>;
  const lines = text.split("\n");
  if (lines.every((line) => /^[-*] /.test(line))) {
    return (
      <ul className="list-disc pl-4">
        {lines.map((line, index) => (
          <li key={index}>{inline(line.slice(2))}</li>
        ))}
      </ul>
    );
  }
  return <p className="whitespace-pre-wrap">{inline(text)}</p>;
}

function inline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/).map((part, index) => {
    if (part.startsWith("**")) return <b key={index}>{part.slice(2, -2)}</b>;
    if (part.startsWith("`")) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.startsWith("*") && part.length > 2) return <i key={index}>{part.slice(1, -1)}</i>;
    return part;
  });
}
