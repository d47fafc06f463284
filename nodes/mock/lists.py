"""Lists of a record that is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nodes.mock.outcomes import DEEP, MOST_ITEMS, NOTHING, TRIES, USUAL_ITEMS, Dead
from nodes.mock.rules import Impossible, Rules, Schema
from nodes.mock.values import same

if TYPE_CHECKING:
    from nodes.mock.building import Builder


def list_of(
    builder: Builder, rules: Rules, where: tuple[str | int, ...], hint: Any, attempt: int
) -> list[Any]:
    least = max(rules.least_items, sum(count for _, count, _ in rules.contains))
    most = rules.most_items
    if rules.closed:
        most = min(most, max((len(row.first) for row in rules.rows if row.rest is True), default=0) or most)
    if rules.least_items > most:
        raise Impossible("its least number of items is above its greatest")
    if least > MOST_ITEMS:
        raise Impossible(f"it asks for {least} items, and a made list has {MOST_ITEMS} at most")
    said = hint if isinstance(hint, list) else []
    asked: list[tuple[Schema, ...]] = [(rule,) for rule, count, _ in rules.contains for _ in range(count)]
    items: list[Any] = []
    _keep_said(builder, items, said, rules, where, most)
    if hint is not NOTHING and attempt < 3:
        wanted = max(len(items), least)
    else:
        wanted = max(len(items), _length(builder, rules, least, most, len(where), attempt))
    if len(items) < wanted or asked:
        _add_items(builder, items, rules, where, wanted, asked)
    return items


def _length(builder: Builder, rules: Rules, least: int, most: float, depth: int, attempt: int) -> int:
    if depth >= DEEP or attempt >= TRIES // 2:
        return least
    prefix = max((len(row.first) for row in rules.rows), default=0)
    return int(min(most, builder.rng.randint(max(least, 1), max(least, 1, prefix) + USUAL_ITEMS - 1)))


def _keep_said(
    builder: Builder,
    items: list[Any],
    said: list[Any],
    rules: Rules,
    where: tuple[str | int, ...],
    most: float,
) -> None:
    for item in said:
        if len(items) >= most:
            return
        kept = builder.value(rules.schemas_at(len(items)), (*where, len(items)), item)
        if not (rules.unique and any(same(kept, other) for other in items)):
            items.append(kept)


def _add_items(
    builder: Builder,
    items: list[Any],
    rules: Rules,
    where: tuple[str | int, ...],
    wanted: int,
    asked: list[tuple[Schema, ...]],
) -> None:
    """Makes what is missing; a place that nothing fits ends a list that is long enough."""
    lacking = [rule for rule in asked if not any(builder.fits(item, rule) for item in items)]
    while len(items) < wanted or lacking:
        position = len(items)
        more = lacking.pop() if lacking else ()
        try:
            items.append(
                _fresh(builder, items, (*rules.schemas_at(position), *more), (*where, position), rules.unique)
            )
        except Dead:
            if more or position < rules.least_items:
                raise
            return


def _fresh(
    builder: Builder,
    items: list[Any],
    schemas: tuple[Schema, ...],
    where: tuple[str | int, ...],
    unique: bool,
) -> Any:
    for _ in range(TRIES * 4 if unique else 1):
        made = builder.value(schemas, where)
        if not unique or not any(same(made, other) for other in items):
            return made
    raise Dead(where, "no further item was found that differs from the others")
