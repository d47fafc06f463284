"""Cards that lie on each other are moved apart, and the picture stays what it was.

Misue, Eades, Lai and Sugiyama 1995, "Layout Adjustment and the Mental Map", Journal of Visual Languages and Computing
6(2), section 4: the force scan. Everything right of a card that has to move moves at least as far, so what stood left or
above still does, and what stood in line stays in line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

GAP = 28.0
"""Left free between two cards."""


@dataclass
class Card:
    id: str
    x: float
    y: float
    width: float
    height: float

    def touches(self, other: Card) -> bool:
        return self.beside(other) > 0 and self.above(other) > 0

    def beside(self, other: Card) -> float:
        """How far one would have to move sideways to be free of the other."""
        first, second = sorted((self, other), key=lambda card: card.x)
        return first.x + first.width + GAP - second.x

    def above(self, other: Card) -> float:
        first, second = sorted((self, other), key=lambda card: card.y)
        return first.y + first.height + GAP - second.y


def spread(cards: Sequence[Card]) -> None:
    """Moves them in place: sideways where that is the shorter way, then down whatever still touches."""
    sideways = {
        (a.id, b.id) for a, b in touching(cards) if a.x != b.x and (a.y == b.y or a.beside(b) <= a.above(b))
    }
    _scan(cards, sideways, lambda card: card.x, lambda card: card.width, _right)
    down = {(a.id, b.id) for a, b in touching(cards)}
    _scan(cards, down, lambda card: card.y, lambda card: card.height, _down)


def touching(cards: Sequence[Card]) -> list[tuple[Card, Card]]:
    """Pairs that are closer than the gap, each once."""
    ordered = sorted(cards, key=lambda card: card.x)
    found = []
    for number, card in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other.x >= card.x + card.width + GAP:
                break
            if card.touches(other):
                found.append((card, other))
    return found


def _right(card: Card, by: float) -> None:
    card.x += by


def _down(card: Card, by: float) -> None:
    card.y += by


def _scan(
    cards: Sequence[Card],
    pairs: set[tuple[str, str]],
    at: Callable[[Card], float],
    length: Callable[[Card], float],
    move: Callable[[Card, float], None],
) -> None:
    near: dict[str, list[str]] = {}
    for a, b in pairs:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    by_id = {card.id: card for card in cards}
    ends: dict[str, float] = {}
    so_far = 0.0
    for _, group in groupby(sorted(cards, key=at), key=at):
        # In line they move together; where two of them touch, the later one moves on by itself.
        line = list(group)
        for part in _apart(line, near):
            needed = [
                ends[other] + GAP - at(card)
                for card in part
                for other in near.get(card.id, ())
                if other in ends
            ]
            so_far = max([so_far, *needed])
            for card in part:
                move(card, so_far)
            for card in part:
                ends[card.id] = at(by_id[card.id]) + length(card)


def _apart(line: list[Card], near: dict[str, list[str]]) -> list[list[Card]]:
    """A line in as few parts as it takes that none of a part touch."""
    parts: list[list[Card]] = []
    for card in line:
        part = next(
            (part for part in parts if not any(other.id in near.get(card.id, ()) for other in part)), None
        )
        if part is None:
            parts.append([card])
        else:
            part.append(card)
    return parts
