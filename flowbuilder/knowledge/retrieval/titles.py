"""Which passages stand under a heading that the question names."""

from __future__ import annotations

from collections.abc import Mapping

from flowbuilder.knowledge.retrieval.rarity import plain
from flowbuilder.knowledge.searched import SEPARATOR
from flowbuilder.knowledge.words import HAN, words

LEAST_WORDS = 2
"""A title of one word, such as "Limits" or "时间", stands in questions about other things."""
COMPOUND = frozenset("._-")


def named(question: str, headings: Mapping[int, str]) -> set[int]:
    """Of passage id -> heading those whose own title stands in the question with each of its words.

    Where one title holds another, the longer is what is named: "vehicle position" is no "vehicle". Of a title in two
    languages the words in the question's count.
    """
    asked = _plain(question)
    by_title = {passage_id: _title(heading, asked) for passage_id, heading in headings.items()}
    found = {passage_id: title for passage_id, title in by_title.items() if title and title <= asked}
    titles = set(found.values())
    return {passage_id for passage_id, title in found.items() if not any(title < longer for longer in titles)}


def _title(heading: str, asked: frozenset[str]) -> frozenset[str]:
    title = _plain(heading.rsplit(SEPARATOR, 1)[-1])
    han = frozenset(word for word in title if HAN.search(word))
    title = han if han and any(HAN.search(word) for word in asked) else title
    return title if len(title) >= LEAST_WORDS else frozenset()


def _plain(text: str) -> frozenset[str]:
    """Words without those that only join others: ``vehicle_position`` is named by its parts."""
    return frozenset(plain(word) for word in words(text) if not COMPOUND & set(word))
