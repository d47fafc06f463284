"""Numbers and texts of a record that is built."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

from nodes.mock import realistic, texts
from nodes.mock.numbers import number_in
from nodes.mock.outcomes import LONGEST_TEXT, NOTHING
from nodes.mock.rules import Impossible, Rules
from nodes.mock.values import same

if TYPE_CHECKING:
    from nodes.mock.building import Builder


def number_of(builder: Builder, rules: Rules, where: tuple[str | int, ...], hint: Any, *, whole: bool) -> Any:
    name = names_of(where)[0] if names_of(where) else ""
    usual = realistic.span_for(name, " ".join(rules.about))
    if "float" in rules.formats and usual == realistic.USUAL:
        usual = (*usual[:2], 3)
    for _ in range(8):
        found = number_in(rules.span, usual, builder.rng, whole, None if hint is NOTHING else hint)
        if found is None:
            raise Impossible("no number lies within its bounds and steps")
        if not any(same(found, banned) for banned in rules.banned):
            return found
        hint = NOTHING
    return found


def text_of(builder: Builder, rules: Rules, where: tuple[str | int, ...], hint: Any) -> str:
    if rules.least_length > rules.most_length:
        raise Impossible("its least length is above its greatest")
    if rules.least_length > LONGEST_TEXT:
        raise Impossible(
            f"it asks for {rules.least_length} characters, and a made text has {LONGEST_TEXT} at most"
        )
    wanted = texts.Wanted(
        names=names_of(where),
        about=" ".join(rules.about),
        patterns=tuple(rules.patterns),
        formats=tuple(dict.fromkeys(rules.formats)),
        least=rules.least_length,
        most=None if rules.most_length == float("inf") else int(rules.most_length),
        examples=tuple(example for example in rules.examples if isinstance(example, str)),
        language=builder.language,
    )
    said = texts.coerced(hint, wanted) if hint is not NOTHING else iter(())
    found = _fitting(builder, said, rules) or _fitting(builder, texts.candidates(wanted, builder.rng), rules)
    if found is None:
        raise Impossible(_why_no_text(rules))
    return found[0]


def _fitting(builder: Builder, offered: Iterator[str], rules: Rules) -> tuple[str] | None:
    alone: dict[str, Any] = {
        "minLength": rules.least_length,
        "allOf": [{"pattern": each} for each in rules.patterns],
    }
    alone["allOf"] += [{"format": each} for each in rules.formats]
    if rules.most_length != float("inf"):
        alone["maxLength"] = rules.most_length
    checking = builder.validator.evolve(schema=alone)
    for text in offered:
        if checking.is_valid(text) and text not in rules.banned:
            return (text,)
        if monotonic() > builder.deadline:
            return None
    return None


def names_of(where: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(part for part in reversed(where) if isinstance(part, str))


def _why_no_text(rules: Rules) -> str:
    asked = [f"the pattern {pattern!r}" for pattern in rules.patterns]
    asked += [f"the format '{name}'" for name in rules.formats]
    most = "" if rules.most_length == float("inf") else f" to {rules.most_length}"
    if rules.least_length or most:
        asked.append(f"a length from {rules.least_length}{most}")
    return f"no text was found that has {' and '.join(asked) or 'what it asks for'}"
