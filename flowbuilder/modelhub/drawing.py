"""A lineage as boxes and curves: columns from left to right, drawn on the server, so a page needs no script."""

from __future__ import annotations

from dataclasses import dataclass

from flowbuilder.modelhub.lineage import Item, Lineage

BOX_WIDTH, BOX_HEIGHT = 160, 52
GAP_X, GAP_Y = 40, 16
LETTERS = 20
"""What fits into a box's line."""


@dataclass(frozen=True)
class Box:
    item: Item
    x: int
    y: int
    here: bool
    """The version that the drawing is about."""

    @property
    def title(self) -> str:
        return shortened(self.item.title)

    @property
    def note(self) -> str:
        return shortened(self.item.note, LETTERS + 5)


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: list[Box]
    curves: list[str]
    """As SVG's ``d``."""


def drawn(lineage: Lineage, here: str) -> Drawing:
    columns: list[list[Item]] = []
    ranks = ranked(lineage)
    for item in lineage.items.values():
        while len(columns) <= ranks[item.id]:
            columns.append([])
        columns[ranks[item.id]].append(item)
    tallest = max((len(column) for column in columns), default=1)
    boxes = {}
    for index, column in enumerate(columns):
        # Each column stands in the middle of the tallest one.
        top = (tallest - len(column)) * (BOX_HEIGHT + GAP_Y) // 2
        for row, item in enumerate(column):
            x, y = index * (BOX_WIDTH + GAP_X), top + row * (BOX_HEIGHT + GAP_Y)
            boxes[item.id] = Box(item, x, y, item.id == here)
    return Drawing(
        width=max(1, len(columns)) * (BOX_WIDTH + GAP_X) - GAP_X,
        height=tallest * (BOX_HEIGHT + GAP_Y) - GAP_Y,
        boxes=list(boxes.values()),
        curves=[curve(boxes[link.source], boxes[link.target]) for link in lineage.links.values()],
    )


def ranked(lineage: Lineage) -> dict[str, int]:
    """Each item's column: behind all that leads to it, and then as far right as what it leads to allows.

    So data stands beside the training that used it, and no curve passes behind a box on its way.
    """
    before, after = _neighbours(lineage)
    earliest = _longest(before)
    latest: dict[str, int] = {}
    for item in sorted(lineage.items, key=lambda item: -earliest[item]):
        behind = [latest[target] - 1 for target in after[item] if target in latest]
        latest[item] = max(min(behind), earliest[item]) if behind else earliest[item]
    return latest


def _neighbours(lineage: Lineage) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {item: [] for item in lineage.items}
    after: dict[str, list[str]] = {item: [] for item in lineage.items}
    for link in lineage.links.values():
        before[link.target].append(link.source)
        after[link.source].append(link.target)
    return before, after


def _longest(before: dict[str, list[str]]) -> dict[str, int]:
    """How many links lead to each item on the longest way."""
    ranks: dict[str, int] = {}

    def rank(item: str, on_the_way: frozenset[str]) -> int:
        if item not in ranks:
            # Nothing descends from itself; were the data wrong, the drawing still ends.
            sources = [source for source in before[item] if source not in on_the_way]
            way = on_the_way | {item}
            ranks[item] = max((rank(source, way) + 1 for source in sources), default=0)
        return ranks[item]

    for item in before:
        rank(item, frozenset())
    return ranks


def curve(source: Box, target: Box) -> str:
    x1, y1 = source.x + BOX_WIDTH, source.y + BOX_HEIGHT // 2
    x2, y2 = target.x, target.y + BOX_HEIGHT // 2
    bend = max(GAP_X // 2, (x2 - x1) // 2)
    return f"M{x1},{y1} C{x1 + bend},{y1} {x2 - bend},{y2} {x2},{y2}"


def shortened(text: str, letters: int = LETTERS) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
