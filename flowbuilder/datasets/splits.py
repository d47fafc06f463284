"""Where a prompt belongs: train, validation or test, the same in every version, for ever.

A prompt's split follows from a keyed hash of the prompt, so it does not depend on what else is in the dataset or
on the order in which rows came; the key is the workspace's, so it is the same in its other datasets of the same
shares. Two things may place a prompt elsewhere than its hash says, and only as long as no version holds it: a
mended row keeps its split, and a person gives a reason. Each writes a ``Placement``, which holds for every row of
that prompt in the dataset from then on. A synthetic row stands in train or nowhere.

Why a mended row keeps its split: its new wording is nearly its old one, and the answer is the same. In train, it
would teach a later model what an earlier version measures on; in test, it would measure on what was learned.
So no row stands in train whose prompt ever stood in validation or test, in whatever words, and none the other way.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import User
from flowbuilder.datasets.models import Dataset, Placement, Row, Split

BY_GROUP = 500
"""Groups of one query."""


def normalised(prompt: str) -> str:
    """Upper or lower case, full or half width, and the spaces between words make no other prompt."""
    return " ".join(unicodedata.normalize("NFKC", prompt).casefold().split())


def group_of(dataset: Dataset, prompt: str) -> str:
    """BLAKE2b of the normalised prompt under the dataset's salt: nobody can choose a prompt's split."""
    said = normalised(prompt).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, key=bytes.fromhex(dataset.salt), digest_size=16).hexdigest()


def split_by_hash(dataset: Dataset, group: str) -> str:
    share = int(group[:16], 16) / 2**64 * 100
    if share < dataset.test_share:
        return Split.TEST
    return Split.VALIDATION if share < dataset.test_share + dataset.validation_share else Split.TRAIN


def splits_of(dataset: Dataset, groups: Iterable[str]) -> dict[str, str]:
    """Where each of these prompts belongs: as it was placed, else by its hash."""
    wanted = list(dict.fromkeys(groups))
    found = {group: split_by_hash(dataset, group) for group in wanted}
    for start in range(0, len(wanted), BY_GROUP):
        placed = dataset.placements.filter(group__in=wanted[start : start + BY_GROUP])
        found |= dict(placed.values_list("group", "split"))
    return found


def known_groups(dataset: Dataset, groups: Iterable[str]) -> set[str]:
    """Those that stand or ever stood in the dataset."""
    wanted, known = list(dict.fromkeys(groups)), set()
    for start in range(0, len(wanted), BY_GROUP):
        some = wanted[start : start + BY_GROUP]
        known |= set(dataset.rows.filter(group__in=some).values_list("group", flat=True))
        known |= set(dataset.placements.filter(group__in=some).values_list("group", flat=True))
    return known


def mended_split(row: Row, group: str) -> str:
    """The split of a row whose prompt becomes another: its own. ``ApiError`` where the prompt stands elsewhere."""
    if group == row.group:
        return row.split
    if known_groups(row.dataset, [group]):
        there = splits_of(row.dataset, [group])[group]
        if there != row.split:
            raise ApiError(
                "conflict",
                f"This prompt already belongs to {there}, and the row to {row.split}: mended so, what is learned and "
                "what is measured would mix. Remove the row instead, or word the prompt differently.",
                409,
            )
    elif split_by_hash(row.dataset, group) != row.split:
        reason = f"mended from row {row.pk}"
        Placement.objects.create(dataset=row.dataset, group=group, split=row.split, reason=reason)
    return row.split


def related_groups(dataset: Dataset, group: str) -> set[str]:
    """The prompt, and every other wording of its rows: they move together."""
    found: set[str] = set()
    asked = {group}
    while asked:
        found |= asked
        lines = dataset.rows.filter(group__in=asked).values_list("line", flat=True)
        asked = set(dataset.rows.filter(line__in=list(lines)).values_list("group", flat=True)) - found
    return found


def move(dataset: Dataset, group: str, split: str, reason: str, person: User | None) -> int:
    """Put a prompt that no version holds into another split; how many rows went with it."""
    if not reason.strip():
        raise ApiError("invalid", "Say why this prompt moves: 'reason' stays with it.", 422)
    groups = related_groups(dataset, group)
    rows = dataset.rows.filter(group__in=groups)
    if held := rows.filter(first__isnull=False).first():
        raise ApiError(
            "conflict",
            f"This prompt stands in {held.split} since version {held.first}, and stays there: models may have been "
            "trained or measured on it.",
            409,
        )
    if split != Split.TRAIN and rows.filter(origin="synthetic").exists():
        raise ApiError("conflict", "Synthetic rows are for training only; this prompt has some.", 409)
    for each in groups:
        told = {"split": split, "reason": reason.strip(), "person": person}
        Placement.objects.update_or_create(dataset=dataset, group=each, defaults=told)
    return rows.update(split=split)
