// Markdown while it is still being written. It makes elements, never HTML from text; the whole reply then comes
// rendered by the server.

const INLINE = /(\*\*[^*]+\*\*|\*[^*\s][^*]*\*|`[^`]+`)/;

export function preview(text: string): DocumentFragment {
  const made = document.createDocumentFragment();
  if (/^\s*[[{]/.test(text)) {
    // A record: the whole reply will be shown as code.
    made.append(element("pre", element("code", text)));
    return made;
  }
  // Code fences first: what stands between two of them is code, an open one goes to the end.
  text.split(/^```.*$/m).forEach((part, index) => {
    if (index % 2) made.append(element("pre", element("code", part.replace(/^\n|\n$/g, ""))));
    else for (const block of part.split(/\n{2,}/)) if (block.trim()) made.append(blockOf(block.trim()));
  });
  return made;
}

function blockOf(text: string): HTMLElement {
  const heading = /^(#{1,4}) (.*)$/.exec(text);
  if (heading) return element(`h${heading[1]!.length}`, ...inline(heading[2]!));
  const lines = text.split("\n");
  for (const [tag, mark] of [["ul", /^[-*+] /], ["ol", /^\d+[.)] /]] as const) {
    if (lines.every((line) => mark.test(line))) return element(tag, ...lines.map((line) => element("li", ...inline(line.replace(mark, "")))));
  }
  return element("p", ...lines.flatMap((line, index) => [...(index ? [element("br")] : []), ...inline(line)]));
}

function inline(text: string): (Node | string)[] {
  return text.split(INLINE).map((part) => {
    if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) return element("strong", part.slice(2, -2));
    if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) return element("code", part.slice(1, -1));
    if (part.length > 2 && part.startsWith("*") && part.endsWith("*")) return element("em", part.slice(1, -1));
    return part;
  });
}

function element(tag: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}
