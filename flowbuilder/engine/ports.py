"""A node's ports, read from its class: arguments of ``run`` come in, its return goes out."""

from __future__ import annotations

import collections.abc
import dataclasses
import inspect
import types
import typing
from dataclasses import dataclass
from typing import Any

from nodes.base import Context, Node
from nodes.tools.tool import Tool
from nodes.tools.tool_node import ToolNode

SINGLE = "out"
OFFER = "tool"
"""The port at which a node offers itself to a model."""


@dataclass(frozen=True)
class Port:
    """``type`` is the Python type that travels there; an input that is not required may stay unwired.

    An output of type ``Any`` adapts: it fits wherever it is wired to, and what arrives there is looked at as it arrives.
    """

    name: str
    type: Any
    required: bool = True
    gathers: bool = False
    """It takes any number of wires, and their values come as a list; an output gives several at once."""
    keeps: Any = None
    """Of a port for text: values of this type come as they are, not as text."""

    def describe(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": type_name(item_of(self.type) or self.type),
            "required": self.required,
            "gathers": self.gathers,
            "becomes_text": becomes_text(self.type),
            "adapts": self.type is Any,
        }


OFFERED = Port(OFFER, Tool)
UNIONS = (typing.Union, types.UnionType)
PAIR = 2


@dataclass(frozen=True)
class Outputs:
    ports: tuple[Port, ...]
    streams: bool
    """``run`` is an async generator of text."""
    bundle: type | None
    """The dataclass that carries several outputs, ``dict`` where settings decide them; None for the single port ``out``."""


def inputs_of(node: Node) -> tuple[Port, ...]:
    """Inputs of a configured node; its settings may decide them."""
    dynamic = node.inputs()
    if dynamic is None:
        return static_inputs(type(node))
    return tuple(
        _input(name, plain := without_none(type_), required=plain is type_) for name, type_ in dynamic.items()
    )


def static_inputs(kind: type[Node]) -> tuple[Port, ...]:
    hints = typing.get_type_hints(kind.run)  # type: ignore[attr-defined]
    ports = []
    for name, parameter in inspect.signature(kind.run).parameters.items():  # type: ignore[attr-defined]
        if name == "self" or parameter.kind is parameter.VAR_KEYWORD or hints.get(name) is Context:
            continue
        ports.append(_input(name, without_none(hints[name]), required=parameter.default is parameter.empty))
    return tuple(ports)


def _input(name: str, type_: Any, *, required: bool = True) -> Port:
    if typing.get_origin(type_) is list:
        return Port(name, typing.get_args(type_)[0], required, gathers=True)
    parts = typing.get_args(type_) if typing.get_origin(type_) in UNIONS else ()
    if str in parts and len(parts) == PAIR:
        return Port(name, str, required, keeps=next(part for part in parts if part is not str))
    return Port(name, type_, required)


def takes_context(kind: type[Node]) -> str | None:
    """Name of the argument of ``run`` that takes the Context, None when there is none."""
    hints = typing.get_type_hints(kind.run)  # type: ignore[attr-defined]
    return next((name for name, type_ in hints.items() if type_ is Context and name != "return"), None)


def outputs_of(node: Node) -> Outputs:
    """Outputs of a configured node; its settings may decide them."""
    dynamic = node.outputs()
    if dynamic is None:
        return static_outputs(type(node))
    ports = tuple(_output(name, type_) for name, type_ in dynamic.items())
    return Outputs(ports + _offer(type(node)), streams=False, bundle=dict)


def static_outputs(kind: type[Node]) -> Outputs:
    own = _returned(kind)
    return dataclasses.replace(own, ports=own.ports + _offer(kind))


def _returned(kind: type[Node]) -> Outputs:
    answer = typing.get_type_hints(kind.run).get("return", object)  # type: ignore[attr-defined]
    if typing.get_origin(answer) is collections.abc.AsyncIterator:
        return Outputs((Port(SINGLE, str),), streams=True, bundle=None)
    if dataclasses.is_dataclass(answer):
        hints = typing.get_type_hints(answer)
        ports = tuple(
            _output(field.name, without_none(hints[field.name])) for field in dataclasses.fields(answer)
        )
        return Outputs(ports, streams=False, bundle=typing.cast(type, answer))
    return Outputs((_output(SINGLE, without_none(answer)),), streams=False, bundle=None)


def _output(name: str, type_: Any) -> Port:
    return Port(name, type_, gathers=item_of(type_) is not None)


def _offer(kind: type[Node]) -> tuple[Port, ...]:
    return (OFFERED,) if issubclass(kind, ToolNode) else ()


def item_of(type_: Any) -> Any:
    """X of ``list[X]``, else None."""
    return typing.get_args(type_)[0] if typing.get_origin(type_) is list else None


def without_none(type_: Any) -> Any:
    """``X | None`` as ``X``: None on a wire means untaken, it is no value."""
    if typing.get_origin(type_) in UNIONS:
        left = [part for part in typing.get_args(type_) if part is not type(None)]
        return typing.Union[tuple(left)]  # noqa: UP007 - of one it is that one
    return type_


def becomes_text(type_: Any) -> bool:
    """True where a value fits a text port although it is none."""
    # pydantic gives every model a generic __str__: only one that the value type wrote itself counts.
    return isinstance(type_, type) and "__str__" in vars(type_)


def type_name(type_: Any) -> str:
    """What the editor shows and colours by."""
    return {
        str: "text",
        object: "anything",
        Any: "anything",
        float: "number",
        int: "number",
        bool: "yes/no",
    }.get(type_, getattr(type_, "__name__", str(type_)))
