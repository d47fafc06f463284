"""Scripts that do nothing but ask another system by ``fetch``, as the settings of an 'HTTP request'.

What stands in their variables is put together as far as it is known; what a caller gives stays a name in double
braces. Whatever comes after the answer (what is written to a console, what happens when it fails) is the node's own matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tree_sitter import Node

from flowbuilder.importing.drawing import port_name
from flowbuilder.importing.javascript.syntax import (
    Untranslatable,
    everything,
    parsed,
    parts,
    shortened,
    string_in,
    text_of,
    unescaped,
)
from flowbuilder.importing.javascript.syntax import field as part

ALWAYS = "What it sent only where it was given is always sent."


@dataclass(frozen=True)
class Hole:
    """What a caller gives."""

    name: str


@dataclass(frozen=True)
class Text:
    pieces: tuple[str | Hole, ...]


@dataclass(frozen=True)
class Json:
    """What ``JSON.stringify`` makes of it."""

    value: Any


class Unknown:
    """What cannot be told without running it."""


@dataclass
class Asking:
    method: str
    url: str
    headers: dict[str, str]
    body: str
    is_json: bool
    told: list[str] = field(default_factory=list)


def asking(script: str) -> Asking:
    """Errors: ``Untranslatable``."""
    reader = _Reader()
    try:
        reader.block(parts(parsed(script)))
    except RecursionError as error:
        raise Untranslatable("it is nested too deep") from error
    if reader.found is None:
        raise Untranslatable("it asks nothing by 'fetch'")
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.found: Asking | None = None
        self.told: list[str] = []

    def block(self, nodes: list[Node]) -> None:
        for node in nodes:
            self.statement(node)

    def statement(self, node: Node) -> None:
        kind = node.type
        if kind in {"lexical_declaration", "variable_declaration"}:
            for each in parts(node):
                value = each.child_by_field_name("value")
                self.values[text_of(part(each, "name"))] = self.value(value) if value else Unknown()
        elif kind == "expression_statement":
            self._done(parts(node)[0])
        elif kind == "return_statement":
            for each in parts(node):
                self.value(each)
        elif kind == "try_statement":
            self.block(parts(part(node, "body")))
        elif kind == "if_statement" and self.found is None:
            if node.child_by_field_name("alternative"):
                raise Untranslatable(f"it decides by '{shortened(part(node, 'condition'))}'")
            body = part(node, "consequence")
            self.told.append(ALWAYS)
            self.block(parts(body) if body.type == "statement_block" else [body])
        elif kind not in {"if_statement", "throw_statement", "empty_statement"}:
            raise Untranslatable(f"'{shortened(node)}' is more than one request")

    def _done(self, node: Node) -> None:
        if node.type == "assignment_expression":
            left, value = part(node, "left"), self.value(part(node, "right"))
            of = self.value(part(left, "object")) if left.type == "member_expression" else None
            if isinstance(of, dict):
                of[text_of(part(left, "property"))] = value
            elif left.type == "identifier":
                self.values[text_of(left)] = value
        else:
            self.value(node)

    def value(self, node: Node) -> Any:
        kind = node.type
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind in KINDS:
            return KINDS[kind](self, node)
        if kind == "binary_expression" and text_of(part(node, "operator")) == "+":
            return _joined([self.value(part(node, "left")), self.value(part(node, "right"))])
        if any(text_of(each) == "fetch" for each in everything(node)):
            raise Untranslatable(f"'{shortened(node)}' is more than one request")
        return Unknown()

    def _member(self, node: Node) -> Any:
        of = self.value(part(node, "object"))
        return of.get(text_of(part(node, "property")), Unknown()) if isinstance(of, dict) else Unknown()

    def _named(self, name: str) -> Any:
        if name.startswith("$") and len(name) > 1:
            return Hole(port_name(name[1:]))
        return self.values.get(name, Unknown())

    def _template(self, node: Node) -> Any:
        pieces: list[Any] = []
        for each in parts(node):
            if each.type == "template_substitution":
                pieces.append(self.value(parts(each)[0]))
            else:
                pieces.append(unescaped(text_of(each)) if each.type == "escape_sequence" else text_of(each))
        return _joined(pieces)

    def _object(self, node: Node) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for each in parts(node):
            if each.type == "pair":
                key = part(each, "key")
                name = string_in(key) if key.type == "string" else text_of(key)
                found[name] = self.value(part(each, "value"))
            elif each.type == "shorthand_property_identifier":
                found[text_of(each)] = self._named(text_of(each))
            else:
                raise Untranslatable(f"'{shortened(each)}' has no counterpart here")
        return found

    def _call(self, node: Node) -> Any:
        called = re.sub(r"\s", "", text_of(part(node, "function")))
        if called == "fetch":
            self._fetch([self.value(each) for each in parts(part(node, "arguments"))])
            return Unknown()
        given = [self.value(each) for each in parts(part(node, "arguments"))]
        if called == "JSON.stringify" and len(given) == 1:
            return Json(given[0])
        self.value(part(node, "function"))
        return Unknown()

    def _fetch(self, given: list[Any]) -> None:
        if self.found is not None:
            raise Untranslatable("it asks more than once")
        options = given[1] if len(given) > 1 else {}
        if not given or not isinstance(options, dict):
            raise Untranslatable("what it asks is only known when it runs")
        method, headers = options.get("method", "GET"), options.get("headers", {})
        body = options.get("body", "")
        if not isinstance(method, str) or not isinstance(headers, dict):
            raise Untranslatable("what it asks is only known when it runs")
        is_json = isinstance(body, Json)
        written = _json(body.value) if isinstance(body, Json) else _written(body)
        named = {name: _written(value) for name, value in headers.items()}
        told = list(dict.fromkeys(self.told))
        self.found = Asking(method.upper(), _written(given[0]), named, written, is_json, told)


def _joined(pieces: list[Any]) -> Any:
    """Texts and what is given, as one text."""
    found: list[str | Hole] = []
    for piece in pieces:
        if isinstance(piece, Text):
            found += piece.pieces
        elif isinstance(piece, str | Hole):
            found.append(piece)
        elif isinstance(piece, int | float) and not isinstance(piece, bool):
            found.append(str(piece))
        else:
            return Unknown()
    if all(isinstance(piece, str) for piece in found):
        return "".join(str(piece) for piece in found)
    return Text(tuple(found))


def _written(value: Any) -> str:
    """As a template: what is given stands in double braces."""
    if isinstance(value, Hole):
        return f"{{{{ {value.name} }}}}"
    if isinstance(value, Text):
        return "".join(_written(piece) for piece in value.pieces)
    if isinstance(value, str):
        # In double braces it would be an input of ours.
        return value.replace("{{", "{ {").replace("}}", "} }")
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    raise Untranslatable("what it sends is only known when it runs")


def _json(value: Any) -> str:
    if isinstance(value, Hole):
        return _written(value)
    if isinstance(value, Text):
        return json.dumps(_written(value), ensure_ascii=False)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{json.dumps(str(name))}: {_json(held)}' for name, held in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_json, value))}]"
    if isinstance(value, str):
        return json.dumps(_written(value), ensure_ascii=False)
    return _written(value)


def _number(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return Unknown()


CONSTANTS = {"true": True, "false": False, "null": None}
KINDS: dict[str, Callable[[_Reader, Node], Any]] = {
    "await_expression": lambda to, node: to.value(parts(node)[0]),
    "parenthesized_expression": lambda to, node: to.value(parts(node)[0]),
    "string": lambda to, node: string_in(node),
    "number": lambda to, node: _number(text_of(node)),
    "identifier": lambda to, node: to._named(text_of(node)),
    "template_string": _Reader._template,
    "array": lambda to, node: [to.value(each) for each in parts(node)],
    "object": _Reader._object,
    "member_expression": _Reader._member,
    "call_expression": _Reader._call,
}
