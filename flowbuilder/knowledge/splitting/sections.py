"""Blocks under their headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flowbuilder.knowledge.splitting.blocks import Block
from flowbuilder.knowledge.splitting.pieces import Span

DEEPEST = 6


@dataclass(frozen=True)
class Section:
    heading: str
    blocks: tuple[Block, ...]

    @property
    def span(self) -> Span:
        return Span(self.blocks[0].span.start, self.blocks[-1].span.end)


def sections(blocks: Sequence[Block], level: int = DEEPEST) -> Iterator[Section]:
    """Each heading down to ``level`` with what stands below it. One without a text of its own goes with the next."""
    path: list[tuple[int, str]] = []
    held: list[Block] = []
    for block in blocks:
        if block.kind == "heading" and block.level <= level:
            if any(one.kind != "heading" or one.level > level for one in held):
                yield Section(_joined(path), tuple(held))
                held = []
            path = [*(above for above in path if above[0] < block.level), (block.level, block.title)]
        held.append(block)
    if held:
        yield Section(_joined(path), tuple(held))


def _joined(path: list[tuple[int, str]]) -> str:
    return " › ".join(title for _, title in path)
