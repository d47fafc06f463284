"""Texts of other builders, as our templates say them: ``{{ name }}`` is an input, everything else is text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

from flowbuilder.importing.drawing import port_name

MENTION = re.compile(r"\{\{\s*([^{}]{1,300}?)\s*\}\}")
SINGLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.]{0,59})\}", re.ASCII)
BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "table", "tr"}
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
HTML = re.compile(r"<(p|span|ul|ol|div|h[1-6]|br|strong|pre|blockquote)\b[^>]*>", re.IGNORECASE)


class _Reader(HTMLParser):
    """Rich text as Markdown. A mention is its own text, which stands in it already."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            number = self.lists[-1] if self.lists else None
            self.parts.append("\n- " if number is None else f"\n{number}. ")
            if self.lists and number is not None:
                self.lists[-1] = number + 1
        elif tag in {"ul", "ol"}:
            self.lists.append(1 if tag == "ol" else None)
        elif tag in BLOCKS:
            self._line()
            if tag[0] == "h" and tag[1:].isdigit():
                self.parts.append(f"{'#' * int(tag[1:])} ")
        self.parts.append(MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(MARKS.get(tag, ""))
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def _line(self) -> None:
        text = self.parts[-1] if self.parts else "\n"
        if not text.endswith(("\n", "- ", ". ")):
            self.parts.append("\n")


def plain(text: str) -> str:
    """Rich text as Markdown; what is no HTML stays as it is."""
    if not HTML.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.parts)).strip()


def filled(text: str, name_of: Callable[[str], str | None]) -> str:
    """Each mention ``{{ expression }}`` by the input that ``name_of`` gives it; None leaves it in single braces."""

    def replaced(found: re.Match[str]) -> str:
        name = name_of(found[1].strip())
        if name is not None:
            return f"{{{{ {name} }}}}"
        # In double braces it would be an input of ours.
        return f"{{ {found[1].strip()} }}"

    return MENTION.sub(replaced, text)


def from_single(text: str) -> tuple[str, list[str]]:
    """A template with ``{name}`` as one with ``{{ name }}``, and its names; doubled braces are braces."""
    names: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        name = port_name(found[1])
        if name not in names:
            names.append(name)
        return f"{{{{ {name} }}}}"

    return SINGLE.sub(replaced, text), names
