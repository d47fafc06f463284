"""Ratings as training data: rows in the formats that TRL's trainers take.

https://huggingface.co/docs/trl/dataset_formats
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from flowbuilder.feedback.models import Rating, RatingQuerySet


def completions(rating: Rating) -> list[dict[str, Any]]:
    """For SFT."""
    return [{"prompt": rating.prompt, "completion": text} for text in rating.demonstrations()]


def preferences(rating: Rating) -> list[dict[str, Any]]:
    """For reward models, DPO and ORPO."""
    return [
        {"prompt": rating.prompt, "chosen": chosen, "rejected": rejected}
        for chosen, rejected in rating.pairs()
    ]


def labels(rating: Rating) -> list[dict[str, Any]]:
    """For KTO and classification."""
    return [{"prompt": rating.prompt, "completion": text, "label": good} for text, good in rating.labels()]


def messages(rating: Rating) -> list[dict[str, Any]]:
    """For SFT of chat models."""
    return [
        {
            "messages": [
                {"role": "user", "content": rating.prompt},
                {"role": "assistant", "content": text},
            ]
        }
        for text in rating.demonstrations()
    ]


FORMATS: dict[str, Callable[[Rating], list[dict[str, Any]]]] = {
    "completion": completions,
    "preference": preferences,
    "label": labels,
    "messages": messages,
}


def counts(ratings: RatingQuerySet) -> dict[str, int]:
    """How many lines each format has."""
    found = dict.fromkeys(FORMATS, 0)
    for rating in ratings.iterator(chunk_size=500):
        for name, rows in FORMATS.items():
            found[name] += len(rows(rating))
    return found


async def rows_of(ratings: RatingQuerySet, format_: str) -> AsyncIterator[dict[str, Any]]:
    """Oldest first, read as they are sent."""
    async for rating in ratings.order_by("created_at", "id").aiterator(chunk_size=500):
        for row in FORMATS[format_](rating):
            yield row
