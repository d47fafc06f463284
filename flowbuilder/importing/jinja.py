"""Jinja templates of other builders as Python for a node 'Code': parsed by Jinja, and never run by it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from flowbuilder.importing.javascript.syntax import Untranslatable

LONGEST = 50_000
PARSER = Environment(autoescape=True)
"""It only parses: nothing is rendered."""
FILTERS = {
    "upper": "{0}.upper()", "lower": "{0}.lower()", "trim": "{0}.strip()", "title": "{0}.title()",
    "capitalize": "{0}.capitalize()", "length": "len({0})", "count": "len({0})", "first": "{0}[0]", "last": "{0}[-1]",
    "join": "{1}.join([said(each) for each in {0}])", "replace": "{0}.replace({1}, {2})", "string": "said({0})",
    "int": "int({0})", "float": "float({0})", "abs": "abs({0})", "round": "round({0}, {1})", "list": "list({0})",
    "sort": "sorted({0})", "reverse": "{0}[::-1]", "sum": "sum({0})", "min": "min({0})", "max": "max({0})",
    "tojson": "json.dumps({0}, ensure_ascii=False)", "default": "(({0}) if ({0}) is not None else {1})",
    "d": "(({0}) if ({0}) is not None else {1})", "safe": "{0}", "escape": "{0}", "e": "{0}", "unique": "list(dict.fromkeys({0}))",
    "items": "list({0}.items())",
}  # fmt: skip
LACKING = {"join": '""', "round": "0", "default": '""', "d": '""'}
SIGNS = {
    "eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<=", "in": "in", "notin": "not in",
}  # fmt: skip
BINARY: dict[type[nodes.BinExpr], str] = {
    nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/", nodes.FloorDiv: "//", nodes.Mod: "%",
    nodes.And: "and", nodes.Or: "or",
}  # fmt: skip
NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
HELPERS = """import json

def said(value):
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)

def part(value, name):
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, (list, str)) and isinstance(name, int) and -len(value) <= name < len(value):
        return value[name]
    return None
"""


def translated(template: str, given: list[str]) -> str:
    """Python that gives the text; ``given`` are the names that are wired in. Errors: ``Untranslatable``."""
    if len(template) > LONGEST:
        raise Untranslatable(f"it is longer than {LONGEST:,} characters")
    try:
        tree = PARSER.parse(template)
    except (TemplateSyntaxError, RecursionError) as error:
        raise Untranslatable("it cannot be read as a Jinja template") from error
    writer = _Writer(set(given))
    try:
        lines = writer.block(tree.body)
    except RecursionError as error:
        raise Untranslatable("it is nested too deep") from error
    body = "\n".join(f"    {line}" for line in ["pieces = []", *lines, 'return "".join(pieces)'])
    names = ", ".join(given)
    return f"{HELPERS}\n\ndef main({names}):\n{body}\n\n\nmain({names})"


class _Writer:
    def __init__(self, known: set[str]) -> None:
        self.known = known
        self.loops = 0

    def block(self, found: list[nodes.Node]) -> list[str]:
        return [line for node in found for line in self.statement(node)] or ["pass"]

    def inner(self, found: list[nodes.Node]) -> list[str]:
        return [f"    {line}" for line in self.block(found)]

    def statement(self, node: nodes.Node) -> list[str]:
        if isinstance(node, nodes.Output):
            return [f"pieces.append({self.text(each)})" for each in node.nodes]
        if isinstance(node, nodes.If):
            lines = [f"if {self.value(node.test)}:", *self.inner(node.body)]
            for other in node.elif_:
                lines += [f"elif {self.value(other.test)}:", *self.inner(other.body)]
            return [*lines, *(["else:", *self.inner(node.else_)] if node.else_ else [])]
        if isinstance(node, nodes.For):
            return self._for(node)
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            value = self.value(node.node)
            self.known.add(node.target.name)
            return [f"{self._name(node.target.name)} = {value}"]
        raise Untranslatable(f"its '{type(node).__name__}' has no counterpart here")

    def _for(self, node: nodes.For) -> list[str]:
        if node.test is not None or node.recursive:
            raise Untranslatable("a loop with a condition of its own has no counterpart here")
        items = self.value(node.iter)
        targets = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
        names = [self._name(each.name) for each in targets if isinstance(each, nodes.Name)]
        self.known |= {*names, "loop"}
        self.loops += 1
        at = f"at_{self.loops}"
        count = f"items_{self.loops}"
        fields = f'{{"index": {at} + 1, "index0": {at}, "first": {at} == 0, "last": {at} + 1 == len({count}), "length": len({count})}}'
        lines = [f"{count} = list({items} or [])", f"{at} = -1", f"for {', '.join(names)} in {count}:"]
        lines += [f"    {at} = {at} + 1", f"    loop = {fields}", *self.inner(node.body)]
        return [*lines, *([f"if not {count}:", *self.inner(node.else_)] if node.else_ else [])]

    def text(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.TemplateData):
            return json.dumps(node.data, ensure_ascii=False)
        return f"said({self.value(node)})"

    def _name(self, name: str) -> str:
        if not NAME.fullmatch(name) or name in {"pieces", "said", "part", "json", "main"}:
            raise Untranslatable(f"the name '{name}' has no counterpart here")
        return name

    def value(self, node: nodes.Node) -> str:
        for kind, write in VALUES.items():
            if isinstance(node, kind):
                return write(self, node)
        raise Untranslatable(f"its '{type(node).__name__}' has no counterpart here")

    def name(self, node: nodes.Name) -> str:
        if node.name not in self.known:
            raise Untranslatable(f"'{node.name}' is not there")
        return self._name(node.name)

    def compare(self, node: nodes.Compare) -> str:
        pairs = [f"{SIGNS[each.op]} {self.value(each.expr)}" for each in node.ops]
        return f"({self.value(node.expr)} {' '.join(pairs)})"

    def filter(self, node: nodes.Filter) -> str:
        if node.name not in FILTERS or node.node is None or node.kwargs or node.dyn_args:
            raise Untranslatable(f"its filter '{node.name}' has no counterpart here")
        slots = [self.value(node.node), *map(self.value, node.args), LACKING.get(node.name, "")]
        found = FILTERS[node.name]
        if any(f"{{{at}}}" in found and (at >= len(slots) or not slots[at]) for at in range(3)):
            raise Untranslatable(f"its filter '{node.name}' is given too little")
        return re.sub(r"\{(\d)\}", lambda slot: slots[int(slot[1])], found)

    def test(self, node: nodes.Test) -> str:
        of = self.value(node.node)
        known = {"defined": f"({of} is not None)", "undefined": f"({of} is None)", "none": f"({of} is None)"}
        known |= {"string": f"isinstance({of}, str)", "mapping": f"isinstance({of}, dict)"}
        if node.name not in known:
            raise Untranslatable(f"its test '{node.name}' has no counterpart here")
        return known[node.name]


def _constant(to: _Writer, node: nodes.Const) -> str:
    value: Any = node.value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


VALUES: dict[type[nodes.Node], Callable[[_Writer, Any], str]] = {
    nodes.Const: _constant,
    nodes.Name: _Writer.name,
    nodes.Getattr: lambda to, node: f"part({to.value(node.node)}, {json.dumps(node.attr)})",
    nodes.Getitem: lambda to, node: _item(to, node),
    nodes.Compare: _Writer.compare,
    nodes.Filter: _Writer.filter,
    nodes.Test: _Writer.test,
    nodes.Not: lambda to, node: f"(not {to.value(node.node)})",
    nodes.Neg: lambda to, node: f"(-{to.value(node.node)})",
    nodes.CondExpr: lambda to, node: _choice(to, node),
    nodes.Concat: lambda to, node: f"({' + '.join(f'said({to.value(each)})' for each in node.nodes)})",
    nodes.List: lambda to, node: f"[{', '.join(map(to.value, node.items))}]",
    nodes.BinExpr: lambda to, node: _binary(to, node),
}


def _item(to: _Writer, node: nodes.Getitem) -> str:
    if isinstance(node.arg, nodes.Slice):
        ends = [to.value(end) if end is not None else "" for end in (node.arg.start, node.arg.stop)]
        return f"{to.value(node.node)}[{ends[0]}:{ends[1]}]"
    return f"part({to.value(node.node)}, {to.value(node.arg)})"


def _choice(to: _Writer, node: nodes.CondExpr) -> str:
    other = to.value(node.expr2) if node.expr2 is not None else '""'
    return f"({to.value(node.expr1)} if {to.value(node.test)} else {other})"


def _binary(to: _Writer, node: nodes.BinExpr) -> str:
    sign = BINARY.get(type(node))
    if sign is None:
        raise Untranslatable(f"its '{type(node).__name__}' has no counterpart here")
    return f"({to.value(node.left)} {sign} {to.value(node.right)})"
