"""Puts a form feed between the pages of a text: cleaning finds running heads by it, and a passage its page."""

from __future__ import annotations

PAGE = "\f"
PROBE = 40
LINES = 6


def marked(text: str, pages: list[str]) -> str:
    """``text`` with its page ends, found by where the first lines of each page stand in it.

    The layout reader joins and re-marks lines, so only letters and digits are compared. A page of which nothing is found
    ends where the next one does: the count of pages stays right.
    """
    places = [index for index, letter in enumerate(text) if letter.isalnum()]
    letters = "".join(text[index] for index in places)
    cuts: list[int] = []
    reached = len(_letters(pages[0])[:PROBE]) and 1 if pages else 0
    for page in pages[1:]:
        at = _find(letters, page, reached)
        if at >= 0:
            reached = at + 1
        cuts.append(at)
    for index in range(len(cuts) - 1, -1, -1):
        if cuts[index] < 0:
            cuts[index] = cuts[index + 1] if index + 1 < len(cuts) else len(letters)
    parts, last = [], 0
    for cut in cuts:
        # In front of the line, so that its heading or list mark goes with it.
        place = text.rfind("\n", last, places[cut]) + 1 if cut < len(places) else len(text)
        place = max(place, last)
        parts.append(text[last:place].rstrip("\n"))
        last = place
    parts.append(text[last:])
    return f"\n\n{PAGE}\n\n".join(parts)


def _find(letters: str, page: str, start: int) -> int:
    for line in [line for line in page.splitlines() if line.strip()][:LINES]:
        probe = _letters(line)[:PROBE]
        if len(probe) > 3 and (at := letters.find(probe, start)) >= 0:
            return at
    return -1


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
