"""Which wire fits which port, and what to say when it does not."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.ports import Port, becomes_text, item_of, type_name


def fits(source: Port, target: Port) -> bool:
    """Equal types, an end that takes or gives anything, a value that says how it becomes text, or several for a port that gathers."""
    if source.type == target.type or source.type is Any or target.type in {object, Any}:
        return True
    return (target.type is str and becomes_text(source.type)) or (
        target.gathers and item_of(source.type) == target.type
    )


def refusal(source: Port, target: Port) -> str:
    """Why this wire does not fit, in one sentence."""
    return (
        f"'{target.name}' takes {type_name(target.type)}, but '{source.name}' gives {type_name(source.type)}."
    )
