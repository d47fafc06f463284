"""Objects of a record that is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nodes.mock.outcomes import DEEP, NOTHING, OPTIONAL, TRIES, USUAL_ITEMS, Dead
from nodes.mock.rules import Impossible, Rules, Schema

if TYPE_CHECKING:
    from nodes.mock.building import Builder


def object_of(
    builder: Builder, rules: Rules, where: tuple[str | int, ...], hint: Any, attempt: int
) -> dict[str, Any]:
    said = hint if isinstance(hint, dict) else {}
    keys = _keys(builder, rules, where, said, hint, attempt)
    made: dict[str, Any] = {}
    for key in _in_order(keys, rules):
        schemas = rules.schemas_of(key)
        try:
            made[key] = builder.value(schemas, (*where, key), said.get(key, NOTHING))
        except Dead:
            if key in rules.required or len(keys) <= rules.least_keys:
                raise
    return made


def _keys(
    builder: Builder,
    rules: Rules,
    where: tuple[str | int, ...],
    said: dict[str, Any],
    hint: Any,
    attempt: int,
) -> set[str]:
    keys = set(rules.required)
    for key in keys:
        if key in rules.forbidden or not _may_stand(builder, key, rules):
            raise Impossible(f"'{key}' is required and not allowed")
    likely = 0.0 if len(where) >= DEEP else OPTIONAL[attempt % len(OPTIONAL)]
    free = [key for key in rules.known if key not in keys and _may_stand(builder, key, rules)]
    if hint is not NOTHING and attempt < TRIES // 2:
        wished = [key for key in said if isinstance(key, str) and _may_stand(builder, key, rules)]
    else:
        wished = [key for key in free if builder.rng.random() < likely]
    for key in wished:
        if len(keys) < rules.most_keys:
            keys.add(key)
    _add_needed(keys, rules)
    builder.rng.shuffle(free)
    for key in free:
        if len(keys) < rules.least_keys:
            keys.add(key)
            _add_needed(keys, rules)
    _invent(builder, keys, rules, where, hint)
    if len(keys) > rules.most_keys:
        raise Impossible(f"more keys are required than the {rules.most_keys} that it may have")
    return keys


def _may_stand(builder: Builder, key: str, rules: Rules) -> bool:
    if key in rules.forbidden or False in rules.schemas_of(key):
        return False
    if (
        rules.closed
        and key not in rules.known
        and not any(shape.of(key) != [shape.rest] for shape in rules.shapes)
    ):
        return False
    return builder.fits(key, rules.names)


def _add_needed(keys: set[str], rules: Rules) -> None:
    size = -1
    while size != len(keys):
        size = len(keys)
        for key, others in rules.needs:
            if key in keys:
                keys.update(others)


def _invent(builder: Builder, keys: set[str], rules: Rules, where: tuple[str | int, ...], hint: Any) -> None:
    """New keys, where there must be more, or where the object is a map of anything to something."""
    wanted = rules.least_keys
    is_map = not rules.known and any(
        (isinstance(shape.rest, dict) and shape.rest) or shape.by_pattern for shape in rules.shapes
    )
    if is_map and hint is NOTHING and len(where) < DEEP and not keys:
        wanted = max(wanted, builder.rng.randint(1, USUAL_ITEMS))
    wanted = int(min(wanted, rules.most_keys))
    names: list[Schema] = [{"type": "string", "minLength": 1}, *rules.names]
    patterns = [pattern for shape in rules.shapes for pattern in shape.by_pattern]
    for turn in range(20 * wanted):
        if len(keys) >= wanted:
            return
        matching: list[Schema] = (
            [{"pattern": builder.rng.choice(patterns)}] if patterns and turn % 4 < 3 else []
        )
        try:
            key = builder.value((*names, *matching), (*where, "key"))
        except Dead:
            if patterns:
                continue
            raise
        if _may_stand(builder, key, rules):
            keys.add(key)
    if len(keys) < rules.least_keys:
        raise Impossible(f"it must have {rules.least_keys} keys, and no more are allowed")


def _in_order(keys: set[str], rules: Rules) -> list[str]:
    known = [key for key in rules.known if key in keys]
    return [*known, *sorted(keys - set(known))]
