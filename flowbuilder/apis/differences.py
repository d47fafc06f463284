"""What a new revision of a description changes, in sentences that name the place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DEEPEST = 8
MOST = 200
RULES = (
    "type format enum const pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems "
    "maxItems uniqueItems additionalProperties minProperties maxProperties"
).split()


def differences(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """Operations that came, went, and what changed in those that stayed; at most two hundred sentences."""
    old, new = _by_place(before), _by_place(after)
    said = [f"{place} is new." for place in new if place not in old]
    said += [f"{place} is gone." for place in old if place not in new]
    for place in new:
        if place in old:
            said += [f"{place}: {change}" for change in _changes(old[place], new[place])]
    if len(said) > MOST:
        said = [*said[:MOST], f"And {len(said) - MOST} more."]
    return said


def _by_place(operations: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"{each['method']} {each['path']}": each for each in operations}


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    yield from _parameters(old["parameters"], new["parameters"])
    yield from _bodies("the request", old["request"], new["request"])
    statuses = dict.fromkeys([*new["responses"], *old["responses"]])
    for status in statuses:
        if status not in old["responses"]:
            yield f"it may answer {status}."
        elif status not in new["responses"]:
            yield f"it answers {status} no more."
        else:
            yield from _bodies(
                f"answer {status}", old["responses"][status]["schema"], new["responses"][status]["schema"]
            )


def _parameters(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    before = {(each["in"], each["name"]): each for each in old}
    after = {(each["in"], each["name"]): each for each in new}
    for where, name in after.keys() - before.keys():
        yield f"the {where} parameter '{name}' is new."
    for where, name in before.keys() - after.keys():
        yield f"the {where} parameter '{name}' is gone."
    for key in before.keys() & after.keys():
        if before[key]["required"] != after[key]["required"]:
            yield f"the {key[0]} parameter '{key[1]}' is {'now' if after[key]['required'] else 'no longer'} required."
        yield from _bodies(f"the {key[0]} parameter '{key[1]}'", before[key]["schema"], after[key]["schema"])


def _bodies(what: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if old is None or new is None:
        yield f"{what} {'has a body now' if old is None else 'has no body any more'}."
        return
    before, after = dict(_flat(old, old, "")), dict(_flat(new, new, ""))
    found = False
    for place in dict.fromkeys([*after, *before]):
        if sentence := _difference(what, place, before.get(place), after.get(place)):
            found = True
            yield sentence
    if not found:
        yield f"{what} is described in other words."


def _difference(what: str, place: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    named = f"{what}, '{place}'" if place else what
    if old is None:
        return f"{named} is new{', and required' if new and new['required'] else ''}."
    if new is None:
        return f"{named} is gone."
    parts = []
    if old["required"] != new["required"]:
        parts.append("is now required" if new["required"] else "is no longer required")
    for rule in RULES:
        if old["rules"].get(rule) != new["rules"].get(rule):
            parts.append(f"{rule} was {_shown(old['rules'], rule)} and is {_shown(new['rules'], rule)}")
    return f"{named}: {'; '.join(parts)}." if parts else ""


def _shown(rules: dict[str, Any], rule: str) -> str:
    return json.dumps(rules[rule], ensure_ascii=False)[:80] if rule in rules else "not set"


def _flat(
    schema: Any, root: dict[str, Any], place: str, required: bool = False, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field with its rules, by its place: ``items[].quantity``."""
    ref = schema.get("$ref") if isinstance(schema, dict) else None
    if isinstance(ref, str):
        if ref in above:
            return
        above = (*above, ref)
        schema = root.get("$defs", {}).get(ref.removeprefix("#/$defs/"), {})
    if not isinstance(schema, dict) or place.count(".") > DEEPEST:
        return
    rules = {rule: schema[rule] for rule in RULES if rule in schema and not isinstance(schema[rule], dict)}
    yield place, {"required": required, "rules": rules}
    for name, rule in (schema.get("properties") or {}).items():
        inner = f"{place}.{name}" if place else name
        yield from _flat(rule, root, inner, name in schema.get("required", ()), above)
    if isinstance(schema.get("items"), dict):
        yield from _flat(schema["items"], root, f"{place}[]", False, above)
    for word in ("allOf", "anyOf", "oneOf"):
        for number, part in enumerate(schema.get(word) or ()):
            inner = place if word == "allOf" else f"{place}({number + 1})"
            yield from (each for each in _flat(part, root, inner, required, above) if each[0] != place)
