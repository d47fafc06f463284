"""Records made from a schema: seeded, so that the same seed gives the same record, and always valid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema.exceptions import ValidationError

from nodes.json_rules import errors_of, validator_of
from nodes.mock.building import Builder
from nodes.mock.outcomes import NOTHING, Unsatisfiable
from nodes.mock.values import same

__all__ = ["Mended", "Unsatisfiable", "make", "mend"]


@dataclass(frozen=True)
class Mended:
    """A place of a record whose value was changed, and what was wrong with it."""

    field: str
    reason: str


def make(schema: dict[str, Any] | bool, *, seed: int, language: str | None = None) -> Any:
    """A value that satisfies the schema; ``Unsatisfiable`` names the place for which none was found."""
    return Builder(schema, seed=seed, language=language).build()


def mend(value: Any, schema: dict[str, Any], *, seed: int) -> tuple[Any, list[Mended]]:
    """The value with every broken rule mended, as near to what was said as it can be, and what was changed."""
    if not errors_of(value, schema):
        return value, []
    made = Builder(schema, seed=seed).build(value)
    return made, list(_told(value, made, _reasons(value, schema)))


def _reasons(value: Any, schema: dict[str, Any]) -> dict[tuple[str | int, ...], str]:
    """What was wrong, by place; of an alternative, what stood against each branch."""
    reasons: dict[tuple[str | int, ...], str] = {}

    def note(error: ValidationError) -> None:
        reasons.setdefault(tuple(error.absolute_path), error.message[:200])
        for inner in error.context or ():
            note(inner)

    for error in validator_of(schema).iter_errors(value):
        note(error)
    return reasons


def _told(
    before: Any, after: Any, reasons: dict[tuple[str | int, ...], str], where: tuple[str | int, ...] = ()
) -> Iterator[Mended]:
    if before is not NOTHING and same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*after, *before]):
            if key not in after:
                yield _mended((*where, key), reasons, "it is not allowed here")
            else:
                yield from _told(before.get(key, NOTHING), after[key], reasons, (*where, key))
        return
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _told(old, new, reasons, (*where, position))
        return
    yield _mended(
        where, reasons, "it was missing" if before is NOTHING else "its place is part of a broken rule"
    )


def _mended(
    where: tuple[str | int, ...], reasons: dict[tuple[str | int, ...], str], otherwise: str
) -> Mended:
    return Mended(".".join(map(str, where)) or "record", reasons.get(where, otherwise))
