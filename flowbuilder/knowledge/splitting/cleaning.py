"""Takes out of a text what search need not see, and still knows where everything stood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from flowbuilder.knowledge.loaders.pages import PAGE

URL = re.compile(
    r"(?:https?|ftp)://[^\s<>()\[\]\"'，。；、）】》]+|\bwww\.[^\s<>()\[\]\"'，。；、）】》]+", re.I
)
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
SPACES = re.compile(r"(?<=\S)[ \t\u00a0\u3000]{2,}|\n{3,}")
FULL_WIDTH = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u3000\uff0d\uff0f\uff3f\uff20]")
PAGE_END = re.compile(rf"\s*{PAGE}\s*")
NUMBER = re.compile(r"\d+|[〇一二三四五六七八九十百]+")
PAGE_NUMBER = re.compile(
    r"\b(?:page|p\.|seite|seq)\s*\d|第\s*[\d〇一二三四五六七八九十百]+\s*[页頁]|^\W*\d+\W*(?:(?:of|/|共)\W*\d+\W*)?$",
    re.I,
)
"""Only such a line may differ in its numbers: a page may well begin with a section's number."""
EDGE_LINES = 3
LONGEST_HEAD = 120
LEAST_PAGES = 3
SHARE = 0.5
ENDED = re.compile(r"[.!?。！？；：:|]\W*$")
HAN = re.compile(r"[\u3400-\u9fff]")

Change = tuple[int, int, str]
"""Characters from the first to before the second become the third."""


@dataclass
class Cleaned:
    """A text, and for each of its places the place in the extracted text."""

    text: str
    _at: list[int] = field(default_factory=lambda: [0])
    """Places in ``text`` from which on ..."""
    _shift: list[int] = field(default_factory=lambda: [0])
    """... so much is to be added."""

    def origin(self, place: int) -> int:
        return place + self._shift[bisect_right(self._at, place) - 1]

    def origin_of_end(self, end: int) -> int:
        """Of the last character, and one more: what was taken out behind it is not counted in."""
        return self.origin(end - 1) + 1 if end else self.origin(0)

    def changed(self, changes: Iterable[Change]) -> Cleaned:
        parts: list[str] = []
        at, shift = [0], [0]
        last = length = 0
        for start, end, new in changes:
            if start < last:
                continue
            parts += [self.text[last:start], new]
            self._keep(at, shift, length, last, start)
            length += start - last
            if new:
                at.append(length)
                shift.append(self.origin(start) - length)
            length += len(new)
            last = end
        parts.append(self.text[last:])
        self._keep(at, shift, length, last, len(self.text))
        return Cleaned("".join(parts), at, shift)

    def _keep(self, at: list[int], shift: list[int], length: int, start: int, end: int) -> None:
        """What stands from ``start`` to ``end`` now stands at ``length``."""
        at.append(length)
        shift.append(self.origin(start) - length)
        first = bisect_right(self._at, start)
        for index in range(first, bisect_right(self._at, end - 1)):
            place = length + self._at[index] - start
            at.append(place)
            shift.append(self._at[index] + self._shift[index] - place)


def clean(text: str, rules: Iterable[str]) -> Cleaned:
    """By the named rules, and without page ends: a sentence that runs over one is whole again."""
    found = Cleaned(text)
    for rule in [rule for rule in RULES if rule in set(rules)]:
        found = found.changed(RULES[rule](found.text))
    return found.changed(_page_ends(found.text))


def _page_ends(text: str) -> Iterator[Change]:
    for match in PAGE_END.finditer(text):
        before, after = text[max(0, match.start() - 20) : match.start()], text[match.end() : match.end() + 1]
        runs_on = before and not ENDED.search(before) and (after.islower() or HAN.match(after))
        joint = "" if HAN.match(after) else " "
        yield match.start(), match.end(), joint if runs_on else "\n\n" if before else ""


def _running_heads(text: str) -> Iterator[Change]:
    """Short lines at the edges of at least half of the pages, the same but for a page's number."""
    bounds = [match.start() for match in re.finditer(PAGE, text)]
    pages = list(zip([0, *(bound + 1 for bound in bounds)], [*bounds, len(text)], strict=True))
    if len(pages) < LEAST_PAGES:
        return
    edges = [_edges(text, start, end) for start, end in pages]
    often = Counter(form for page in edges for form in {form for _, _, form in page})
    for page in edges:
        for start, end, form in page:
            if often[form] >= max(LEAST_PAGES, SHARE * len(pages)):
                yield start, end, ""


def _edges(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    lines = []
    for match in re.compile(r"[^\n]+\n?").finditer(text, start, end):
        form = match[0].strip().lstrip("#").strip()
        form = NUMBER.sub("0", form) if PAGE_NUMBER.search(form) else form
        if form and not form.startswith("|"):
            lines.append((match.start(), match.end(), form))
    chosen = lines if len(lines) <= 2 * EDGE_LINES else [*lines[:EDGE_LINES], *lines[-EDGE_LINES:]]
    return [line for line in chosen if len(line[2]) <= LONGEST_HEAD]


def _spaces(text: str) -> Iterator[Change]:
    for match in SPACES.finditer(text):
        yield match.start(), match.end(), "\n\n" if "\n" in match[0] else " "


def _taken_out(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Change]]:
    return lambda text: ((match.start(), match.end(), "") for match in pattern.finditer(text))


def _full_width(text: str) -> Iterator[Change]:
    for match in FULL_WIDTH.finditer(text):
        yield match.start(), match.end(), " " if match[0] == "\u3000" else chr(ord(match[0]) - 0xFEE0)


RULES: dict[str, Callable[[str], Iterator[Change]]] = {
    "running_heads": _running_heads,
    "urls": _taken_out(URL),
    "emails": _taken_out(EMAIL),
    "full_width": _full_width,
    "spaces": _spaces,
}
"""In the order in which they are applied."""
