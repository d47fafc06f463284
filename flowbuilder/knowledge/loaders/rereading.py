"""A PDF as the layout reader gave it, held against the plain text of its pages.

The reader takes lines that happen to stand in columns for a table, which tears words that belong together, and may leave out
what it makes nothing of. Where either is seen, the page's own text goes before what was made of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from flowbuilder.knowledge.loaders.pages import PAGE

WORD = re.compile(r"[\u3400-\u9fff]|(?:(?![\u3400-\u9fff])[^\W_])+")
CELL = re.compile(r"(?<!\\)\|")
RULE = re.compile(r"[\s|:-]+")
EMPTY = 0.2
"""Share of empty cells from which on a table is rather lines of text; a table is filled."""
LOST = 0.05
"""Share of a page's words that may be missing: words that the reader joins or parts at line ends are of that order."""


def without_false_tables(text: str, tables: Iterable[tuple[str, str]]) -> str:
    """``tables``: each as it stands in ``text``, with the text of its page."""
    for table, page in tables:
        if not _is_filled(table) and (lines := _same_letters(table, page)):
            text = text.replace(table.strip(), lines, 1)
    return text


def _is_filled(table: str) -> bool:
    rows = [row.strip().strip("|") for row in table.splitlines() if row.strip() and not RULE.fullmatch(row)]
    cells = [cell.strip() for row in rows for cell in CELL.split(row)]
    return cells.count("") <= EMPTY * len(cells)


def _same_letters(table: str, page: str) -> str:
    """The stretch of the page with just these letters in just this order; nothing where cells were moved."""
    # In lower case: the reader turns "SCALE" into "SCALe" on its way. One letter for one, whatever it becomes.
    wanted = "".join(letter.lower()[:1] for letter in table if letter.isalnum())
    places = [place for place, letter in enumerate(page) if letter.isalnum()]
    at = "".join(page[place].lower()[:1] for place in places).find(wanted) if wanted else -1
    if at < 0:
        return ""
    behind = at + len(wanted)
    end = page.rfind("\n", 0, places[behind]) if behind < len(places) else len(page)
    return page[places[at] : max(end, places[behind - 1] + 1)]


def whole(text: str, layer: Sequence[str]) -> str:
    """``text`` (pages apart) with the pages' own text where words of it are missing."""
    mark = f"\n\n{PAGE}\n\n"
    pages = text.split(mark)
    if len(pages) != len(layer):
        return text
    read = [Counter(WORD.findall(page)) for page in pages]
    there = [Counter(WORD.findall(page)) for page in layer]
    return mark.join(layer[at] if _missing(at, read, there) > LOST else page for at, page in enumerate(pages))


def _missing(at: int, read: Sequence[Counter[str]], there: Sequence[Counter[str]]) -> float:
    """The share of page ``at``'s words that neither it nor what its neighbours have too many of holds."""
    missing = there[at] - read[at]
    for beside in (at - 1, at + 1):
        if 0 <= beside < len(read):
            missing -= read[beside] - there[beside]
    return missing.total() / max(1, there[at].total())
