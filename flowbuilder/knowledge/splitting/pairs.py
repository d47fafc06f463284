"""Questions with their answers: from tables with such columns, and from lines like ``Q:`` and ``A:``, ``问：`` and ``答：``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flowbuilder.knowledge.splitting.blocks import HEADER_LINES, Block, lines
from flowbuilder.knowledge.splitting.pieces import Span

QUESTIONS = {"question", "questions", "q", "query", "faq", "问题", "问", "提问", "問題", "問"}
ANSWERS = {"answer", "answers", "a", "reply", "response", "答案", "答", "回答", "解答"}
ASKS = re.compile(r"^[\s>*#-]*(?:Q|Question|问题|问|提问|問題|問)\s*\d{0,4}\s*[:：]\**\s*(?P<rest>.*)$", re.I)
TELLS = re.compile(r"^[\s>*#-]*(?:A|Answer|答案|答|回答|解答)\s*\d{0,4}\s*[:：]\**\s*(?P<rest>.*)$", re.I)
CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Pair:
    question: str
    answer: str
    span: Span


def pairs(text: str, blocks: Sequence[Block]) -> list[Pair]:
    """In order. Rows or lines that lack either half make none."""
    found: list[Pair] = []
    rest: list[Block] = []
    for block in blocks:
        columns = _columns(text, block)
        if columns is None:
            rest.append(block)
            continue
        found += _of_lines(text, rest)
        rest = []
        found += _of_rows(text, block, *columns)
    return [pair for pair in [*found, *_of_lines(text, rest)] if pair.question and pair.answer]


def _columns(text: str, block: Block) -> tuple[int, int] | None:
    if block.header is None:
        return None
    names = [cell.lower() for cell in cells(text[block.header.start : block.header.end].split("\n", 1)[0])]
    asked = next((index for index, name in enumerate(names) if name in QUESTIONS), None)
    told = next((index for index, name in enumerate(names) if name in ANSWERS), None)
    return None if asked is None or told is None else (asked, told)


def cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in CELL.split(row.strip().strip("|"))]


def _of_rows(text: str, block: Block, asked: int, told: int) -> Iterator[Pair]:
    for start, line in list(lines(text, block.span))[HEADER_LINES:]:
        row = cells(line)
        if line.strip() and len(row) > max(asked, told):
            yield Pair(row[asked], row[told], Span(start, start + len(line)))


def _of_lines(text: str, blocks: Sequence[Block]) -> Iterator[Pair]:
    start, question, answer = 0, [], None
    whole = Span(blocks[0].span.start, blocks[-1].span.end) if blocks else Span(0, 0)
    headings = {block.span.start for block in blocks if block.kind == "heading"}
    for at, line in lines(text, whole):
        asks, tells = ASKS.match(line), TELLS.match(line)
        if asks or (at in headings and not tells):
            if answer is not None:
                yield _pair(question, answer, Span(start, at))
            start, question, answer = at, [asks["rest"]] if asks else [], None
        elif tells and question:
            answer = [tells["rest"]]
        elif answer is not None:
            answer.append(line)
        elif question:
            question.append(line)
    if answer is not None:
        yield _pair(question, answer, Span(start, whole.end))


def _pair(question: list[str], answer: list[str], span: Span) -> Pair:
    return Pair(
        " ".join(" ".join(question).split()), "\n".join(part.rstrip("\n") for part in answer).strip(), span
    )
