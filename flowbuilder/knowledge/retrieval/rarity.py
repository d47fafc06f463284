"""How much a word tells in one base: counted over its passages, kept until they change."""

from __future__ import annotations

import math
import threading
import uuid
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.db.models import Max

from flowbuilder.knowledge.index import okapi
from flowbuilder.knowledge.models import IndexChange, Passage
from flowbuilder.knowledge.words import words

SAMPLE = 5000
"""Passages that are counted at most: by id, every n-th."""
BASES = 32
UNHEARD = 0.35
"""Weight of a word that stands in no passage, as a share of the rarest's: how people ask, not what they ask about."""

Read = TypeVar("Read")


@dataclass(frozen=True)
class Rarity:
    passages: int
    holding: Counter[str]
    """Word -> passages that have it."""
    naming: Counter[str]
    """Word -> headings that have it."""
    headings: int
    titles: tuple[frozenset[str], ...] = ()
    """The words of each heading that stands by itself, without those above it."""
    _titled: dict[str, list[tuple[frozenset[str], float]]] = field(init=False, compare=False, repr=False)
    """Word -> titles that have it, each with what its words tell."""
    _remembered: OrderedDict[str, Any] = field(
        default_factory=OrderedDict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        titled: dict[str, list[tuple[frozenset[str], float]]] = {}
        for title in self.titles:
            told = self._squared(title)
            for word in title:
                titled.setdefault(word, []).append((title, told))
        object.__setattr__(self, "_titled", titled)

    def remembered(self, text: str, read: Callable[[str, Rarity], Read]) -> Read:
        """What ``read`` makes of a text by this base; kept questions are compared at each search, and stay the same."""
        with _lock:
            if text in self._remembered:
                self._remembered.move_to_end(text)
                return cast("Read", self._remembered[text])
        made = read(text, self)
        with _lock:
            self._remembered[text] = made
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return made

    def weight(self, word: str) -> float:
        """In 0..1: near 0 for what every passage says, 1 for what one of them says.

        Inverse document frequency (Spärck Jones 1972), smoothed, as a share of the largest that the base could give.
        """
        most = math.log(1 + self.passages)
        if not most:
            return 1.0
        holding = self.holding[word]
        return math.log((1 + self.passages) / holding) / most if holding else UNHEARD

    def most(self, terms: Iterable[str]) -> float:
        """The BM25 of a passage that has each of these often: what a real one is held against."""
        holding = (self.holding[plain(word)] for word in set(terms))
        rarities = (
            okapi.rarity(self.passages, held) if held else UNHEARD * okapi.rarity(self.passages, 0)
            for held in holding
        )
        return (okapi.K1 + 1) * sum(rarities)

    def subject(self, asked: frozenset[str]) -> frozenset[str] | None:
        """The title that is nearest to these words, by the cosine of what they tell; None where they share none."""
        named = [word for word in asked if self.naming[word]]
        length = self._squared(named)
        sharing = {title: told for word in sorted(named) for title, told in self._titled.get(word, ())}
        rated = {
            title: self._squared(title & asked) / math.sqrt(length * told)
            for title, told in sharing.items()
            if told and length
        }
        return max(rated, key=lambda title: (rated[title], sorted(title)), default=None)

    def _squared(self, some: Iterable[str]) -> float:
        return sum(self.weight(word) ** 2 for word in some)

    def names(self, word: str) -> bool:
        """Whether the word names one thing among others: it stands in some headings, not in most."""
        return 0 < self.naming[word] <= max(2, NAMING_AT_MOST * self.headings)


NAMING_AT_MOST = 0.2
REMEMBERED = 5_000
_known: OrderedDict[uuid.UUID, tuple[int, Rarity]] = OrderedDict()
_lock = threading.Lock()


def rarity_of(base_id: uuid.UUID) -> Rarity:
    mark = IndexChange.objects.filter(base_id=base_id).aggregate(newest=Max("id"))["newest"] or 0
    with _lock:
        known = _known.get(base_id)
    if known is not None and known[0] == mark:
        return known[1]
    counted = count(_sample(base_id))
    with _lock:
        _known[base_id] = (mark, counted)
        _known.move_to_end(base_id)
        while len(_known) > BASES:
            _known.popitem(last=False)
    return counted


def _sample(base_id: uuid.UUID) -> Iterable[tuple[str, list[str]]]:
    rows = Passage.objects.filter(base_id=base_id, searched=True, question="", enabled=True).order_by("pk")
    total = rows.count()
    if total > SAMPLE:
        wanted = list(rows.values_list("pk", flat=True))[:: -(-total // SAMPLE)]
        rows = rows.filter(pk__in=wanted)
    return rows.values_list("heading", "words").iterator(chunk_size=500)


def plain(word: str) -> str:
    """Without an English plural: ``parcels`` names what ``parcel`` names."""
    if not word.isascii() or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    return word.removesuffix("s")


def count(rows: Iterable[tuple[str, list[str]]]) -> Rarity:
    holding: Counter[str] = Counter()
    headings: set[str] = set()
    passages = 0
    for heading, held in rows:
        passages += 1
        holding.update({plain(word) for word in held})
        headings.add(heading)
    naming: Counter[str] = Counter()
    for heading in headings:
        naming.update({plain(word) for word in words(heading)})
    titles = (heading.rsplit(" › ", 1)[-1] for heading in sorted(headings))
    named = dict.fromkeys(frozenset(plain(word) for word in words(title)) for title in titles)
    return Rarity(passages, holding, naming, len(headings), tuple(title for title in named if title))
