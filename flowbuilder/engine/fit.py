"""Which wire fits which port, and what to say when it does not."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.ports import Port, becomes_text, type_name


def fits(source: Any, target: Any) -> bool:
    """Equal types, a target that takes anything, or a value that says how it becomes text."""
    return source == target or target is object or (target is str and becomes_text(source))


def refusal(source: Port, target: Port) -> str:
    """Why this wire does not fit, in one sentence."""
    return (
        f"'{target.name}' takes {type_name(target.type)}, but '{source.name}' gives {type_name(source.type)}."
    )
