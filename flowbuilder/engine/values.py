"""Values on wires as JSON and back, by the port's type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from flowbuilder.engine.ports import Port, item_of, type_name
from nodes.base import NodeError
from nodes.types import Value, typed, with_type

ANYTHING = (object, Any)


@lru_cache(maxsize=512)
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


def to_json(value: Any) -> Any:
    return to_jsonable_python(value)


def as_json(ports: Iterable[Port], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by port as JSON; where a port takes anything, a structured value names its type."""
    open_ports = {port.name for port in ports if port.type in ANYTHING}
    return {
        name: to_json(with_type(value) if name in open_ports else value) for name, value in values.items()
    }


def from_json(ports: Iterable[Port], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Stored outputs as typed values; None stays None, it means untaken."""
    return {
        port.name: None if stored.get(port.name) is None else read(port, stored[port.name]) for port in ports
    }


def read(port: Port, stored: Any) -> Any:
    """One value; ``NodeError`` names the port where it is none that travels there."""
    if port.type in ANYTHING:
        return typed(stored)
    try:
        return _adapter(_carried(port)).validate_python(stored)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        detail = f"{where}: {first['msg']}" if where else first["msg"]
        raise NodeError(f"'{port.name}' takes {type_name(port.type)}: {detail}") from error


def _carried(port: Port) -> Any:
    """The type of what travels there, several at once where the port gathers."""
    type_ = port.type if port.keeps is None else port.type | port.keeps
    return list[type_] if port.gathers and item_of(port.type) is None else type_  # type: ignore[valid-type]


def as_input(value: Any, port: Port) -> Any:
    """A value as its target takes it: text where the port is text, unless it keeps values of that type.

    ``NodeError`` where it cannot be.
    """
    if port.keeps is not None and isinstance(value, port.keeps):
        return value
    if port.type is str:
        return value if isinstance(value, str) else str(value)
    if isinstance(port.type, type) and issubclass(port.type, Value) and not isinstance(value, port.type):
        return read(Port(port.name, port.type), value)
    return value
