"""Values on wires as JSON and back, by the port's type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from flowbuilder.engine.ports import Port


@lru_cache(maxsize=512)
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


def to_json(value: Any) -> Any:
    return to_jsonable_python(value)


def from_json(ports: tuple[Port, ...], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored outputs as typed values; None stays None, it means untaken."""
    return {
        port.name: None
        if stored.get(port.name) is None
        else _adapter(port.type if port.keeps is None else port.type | port.keeps).validate_python(
            stored[port.name]
        )
        for port in ports
    }


def as_input(value: Any, port: Port) -> Any:
    """A value as its target takes it: text where the port is text, unless it keeps values of that type."""
    if port.keeps is not None and isinstance(value, port.keeps):
        return value
    return str(value) if port.type is str and not isinstance(value, str) else value
