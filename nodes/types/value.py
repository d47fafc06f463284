"""What every value on a wire is, and those that nodes of any kind give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, field_serializer, field_validator


class Value(BaseModel):
    """Base of every structured value on a wire: frozen, plain data, JSON both ways."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


TYPE = "$type"


def with_type(value: Any) -> Any:
    """A value as JSON that names its type, for where a port does not say it."""
    return (
        {TYPE: type(value).__name__, **value.model_dump(mode="json")} if isinstance(value, Value) else value
    )


def typed(stored: Any) -> Any:
    """What ``with_type`` gave, as the value that it was; anything else stays as it is."""
    if not isinstance(stored, dict) or TYPE not in stored:
        return stored
    kind = next((kind for kind in _kinds(Value) if kind.__name__ == stored[TYPE]), None)
    return kind.model_validate({k: v for k, v in stored.items() if k != TYPE}) if kind else stored


def _kinds(kind: type[Value]) -> Iterator[type[Value]]:
    for narrower in kind.__subclasses__():
        yield narrower
        yield from _kinds(narrower)


class Items(Value):
    """Several values of any kind, in order. In JSON a structured one names its type."""

    items: tuple[Any, ...] = ()

    @field_serializer("items")
    def _named(self, items: tuple[Any, ...]) -> list[Any]:
        return [with_type(item) for item in items]

    @field_validator("items", mode="before")
    @classmethod
    def _typed(cls, items: Any) -> Any:
        return tuple(typed(item) for item in items) if isinstance(items, list | tuple) else items

    def __str__(self) -> str:
        return "\n\n".join(str(item) for item in self.items)


class Failure(Value):
    """Why a node failed: what its port ``error`` gives."""

    message: str
    node: str = ""
    """Where it failed; inside a group with the path."""

    def __str__(self) -> str:
        return self.message
