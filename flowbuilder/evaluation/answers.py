"""Both answers to a prompt as a page shows them: which ones, and where they differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from flowbuilder.evaluation.models import EvaluatedPrompt, Evaluation
from flowbuilder.training.findings import Row
from flowbuilder.training.safety import safety_set
from flowbuilder.training.safety.rating import NAMES, Rated

WORD = re.compile(r"\w+|\s+|[^\w\s]")
LONGEST = 4000
"""Characters of an answer that are compared word for word; a longer one is shown plain."""


@dataclass(frozen=True)
class Filter:
    label: Any
    pick: Callable[[QuerySet[EvaluatedPrompt]], QuerySet[EvaluatedPrompt]]

    def of(self, evaluation: Evaluation) -> QuerySet[EvaluatedPrompt]:
        return self.pick(evaluation.prompts.all())


FILTERS = {
    "worse": Filter(
        _("Worse"), lambda rows: rows.filter(worse=True).order_by(F("drop").desc(nulls_last=True), "number")
    ),
    "improved": Filter(
        _("Better"),
        lambda rows: rows.filter(improved=True).order_by(F("drop").asc(nulls_last=True), "number"),
    ),
    "different": Filter(_("Different"), lambda rows: rows.filter(item="", differs=True)),
    "all": Filter(_("All"), lambda rows: rows.filter(item="")),
    "safety": Filter(_("Safety"), lambda rows: rows.exclude(item="")),
}


@dataclass(frozen=True)
class Piece:
    text: str
    own: bool
    """Whether only this answer has it."""


@dataclass(frozen=True)
class Shown:
    """A row for the page."""

    prompt: EvaluatedPrompt
    row: Row
    before: list[Piece]
    after: list[Piece]
    category: str

    @property
    def reason(self) -> str:
        return self.row.reason()

    @property
    def ratings(self) -> list[tuple[str, str, Rated]]:
        """Side, the rating's name, and all of it."""
        sides = (("before", self.row.before.rated), ("after", self.row.after.rated))
        return [(name, NAMES[rated.rating], rated) for name, rated in sides if rated]


def shown(prompt: EvaluatedPrompt) -> Shown:
    row = prompt.row
    before, after = differences(row.before.answer, row.after.answer)
    return Shown(prompt, row, before, after, CATEGORIES.get(prompt.item, ""))


CATEGORIES = {item.id: item.category.replace("_", " ") for item in safety_set()}


def differences(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, those marked that the other has not at that place."""
    if max(len(before), len(after)) > LONGEST:
        return [Piece(before, False)], [Piece(after, False)]
    old, new = WORD.findall(before), WORD.findall(after)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, *spans in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for words, found, (start, end) in (
            (old, pieces[0], spans[:2]),
            (new, pieces[1], spans[2:]),
        ):
            if start < end:
                found.append(Piece("".join(words[start:end]), tag != "equal"))
    return pieces
