"""Statements of JavaScript as lines of Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from flowbuilder.importing.javascript.expressions import Translation, quoted
from flowbuilder.importing.javascript.syntax import (
    Untranslatable,
    everything,
    parts,
    shortened,
    text_of,
)
from flowbuilder.importing.javascript.syntax import field as part

SILENT = {"console.log", "console.error", "console.warn", "console.info", "console.debug"}
FUNCTIONS = {"arrow_function", "function_expression", "function_declaration"}
STEPS = {"+=": "js_add({}, {})", "-=": "({} - {})", "*=": "({} * {})", "/=": "({} / {})"}


@dataclass
class Writer:
    to: Translation = field(default_factory=Translation)

    def __post_init__(self) -> None:
        self.to.functions = self.function

    def block(self, nodes: list[Node]) -> list[str]:
        lines: list[str] = []
        for node in nodes:
            held, self.to.before = self.to.before, []
            written = list(self.statement(node))
            lines += [*self.to.before, *written]
            self.to.before = held
        return lines

    def body(self, node: Node) -> list[str]:
        """Indented, of a block or of one statement."""
        found = self.block(parts(node) if node.type == "statement_block" else [node])
        return indented(found or ["pass"])

    def function(self, name: str, node: Node) -> list[str]:
        body = part(node, "body")
        lines = self.body(body)
        outer = sorted(self._changed(body) - self._declared(node))
        if outer:
            lines = [*indented([f"nonlocal {', '.join(outer)}"]), *lines]
        return [f"def {name}({self.to.parameters(node)}):", *lines]

    def _declared(self, node: Node) -> set[str]:
        found = {
            self.to.name(text_of(part(each, "name")))
            for each in everything(node)
            if each.type == "variable_declarator"
        }
        given = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        names = everything(given) if given else ()
        loops = [
            each.child_by_field_name("left") for each in everything(node) if each.type == "for_in_statement"
        ]
        return found | {
            self.to.name(text_of(each))
            for each in [*names, *filter(None, loops)]
            if each.type == "identifier"
        }

    def _changed(self, node: Node) -> set[str]:
        kinds = {
            "assignment_expression": "left",
            "augmented_assignment_expression": "left",
            "update_expression": "argument",
        }
        found = [
            each.child_by_field_name(kinds[each.type]) for each in everything(node) if each.type in kinds
        ]
        return {
            self.to.name(text_of(each)) for each in found if each is not None and each.type == "identifier"
        }

    def statement(self, node: Node) -> Iterator[str]:
        if node.type not in STATEMENTS:
            raise Untranslatable(f"'{shortened(node)}' has no counterpart here")
        return STATEMENTS[node.type](self, node)

    def _declarations(self, node: Node) -> Iterator[str]:
        for each in parts(node):
            yield from self._declaration(each)

    def _return(self, node: Node) -> Iterator[str]:
        value = parts(node)
        yield f"return {self.to.expression(value[0])}" if value else "return None"

    def _while(self, node: Node) -> Iterator[str]:
        yield f"while {self._tested(part(node, 'condition'))}:"
        yield from self.body(part(node, "body"))

    def _throw(self, node: Node) -> Iterator[str]:
        yield f"raise ValueError({self._message(parts(node)[0])})"

    def _named(self, node: Node) -> Iterator[str]:
        yield from self.function(self.to.name(text_of(part(node, "name"))), node)

    def _jump(self, node: Node) -> Iterator[str]:
        if parts(node):
            raise Untranslatable(f"'{shortened(node)}' has no counterpart here")
        yield node.type.partition("_")[0]

    def _tested(self, node: Node) -> str:
        """A condition that needs no line before it, for where it is asked again."""
        before = len(self.to.before)
        said = self.to.true(node)
        if len(self.to.before) != before:
            raise Untranslatable(f"'{shortened(node)}' holds a function with a body")
        return said

    def _declaration(self, node: Node) -> Iterator[str]:
        name, value = part(node, "name"), node.child_by_field_name("value")
        if (
            value is not None
            and value.type in FUNCTIONS
            and name.type == "identifier"
            and part(value, "body").type == "statement_block"
        ):
            yield from self.function(self.to.name(text_of(name)), value)
            return
        said = self.to.expression(value) if value is not None else "None"
        if name.type == "identifier":
            yield f"{self.to.name(text_of(name))} = {said}"
            return
        self.to.made += 1
        whole = f"js_whole_{self.to.made}"
        yield f"{whole} = {said}"
        for number, each in enumerate(parts(name)):
            yield self._taken(name.type, whole, number, each)

    def _taken(self, kind: str, whole: str, number: int, node: Node) -> str:
        """One name of ``{a, b: c, d = 1}`` or ``[a, b]``."""
        if kind == "array_pattern" and node.type == "identifier":
            return f"{self.to.name(text_of(node))} = js_get({whole}, {number})"
        if node.type == "shorthand_property_identifier_pattern":
            return f"{self.to.name(text_of(node))} = js_get({whole}, {quoted(text_of(node))})"
        if node.type == "pair_pattern" and part(node, "value").type == "identifier":
            name, key = part(node, "value"), text_of(part(node, "key"))
            return f"{self.to.name(text_of(name))} = js_get({whole}, {quoted(key)})"
        if node.type == "object_assignment_pattern":
            name = text_of(part(node, "left"))
            value = self.to.expression(part(node, "right"))
            return f"{self.to.name(name)} = js_else(js_get({whole}, {quoted(name)}), lambda: {value})"
        raise Untranslatable(f"'{shortened(node)}' has no counterpart here")

    def _done(self, node: Node) -> Iterator[str]:
        """An expression that stands for what it does."""
        while node.type in {"parenthesized_expression", "await_expression"}:
            node = parts(node)[0]
        if node.type == "call_expression" and re.sub(r"\s", "", text_of(part(node, "function"))) in SILENT:
            return
        if node.type == "assignment_expression":
            yield self._set(part(node, "left"), self.to.expression(part(node, "right")))
        elif node.type == "augmented_assignment_expression":
            sign, left = text_of(part(node, "operator")), part(node, "left")
            if sign not in STEPS:
                raise Untranslatable(f"'{sign}' has no counterpart here")
            first, _, last = STEPS[sign].partition("{}")
            middle, _, end = last.partition("{}")
            yield self._set(
                left,
                f"{first}{self.to.expression(left)}{middle}{self.to.expression(part(node, 'right'))}{end}",
            )
        elif node.type == "update_expression":
            left = part(node, "argument")
            sign = "+" if "++" in text_of(node) else "-"
            yield self._set(left, f"{self.to.expression(left)} {sign} 1")
        elif _sorts(node):
            # JavaScript sorts in place, and gives the same list.
            yield self._set(part(part(node, "function"), "object"), self.to.expression(node))
        else:
            yield self.to.expression(node)

    def _set(self, left: Node, value: str) -> str:
        if left.type == "identifier":
            return f"{self.to.name(text_of(left))} = {value}"
        if left.type == "member_expression" and not text_of(left).startswith("$"):
            return f"js_set({self.to.expression(part(left, 'object'))}, {quoted(text_of(part(left, 'property')))}, {value})"
        if left.type == "subscript_expression":
            return f"js_set({self.to.expression(part(left, 'object'))}, {self.to.expression(part(left, 'index'))}, {value})"
        raise Untranslatable(f"'{shortened(left)}' cannot be set here")

    def _if(self, node: Node, word: str) -> Iterator[str]:
        yield f"{word} {self._tested(part(node, 'condition'))}:"
        yield from self.body(part(node, "consequence"))
        other = node.child_by_field_name("alternative")
        if other is None:
            return
        then = parts(other)[0]
        if then.type == "if_statement":
            yield from self._if(then, "elif")
        else:
            yield "else:"
            yield from self.body(then)

    def _for_each(self, node: Node) -> Iterator[str]:
        left, of = part(node, "left"), self.to.expression(part(node, "right"))
        items = of if text_of(part(node, "operator")) == "of" else f"list({of})"
        if left.type == "identifier":
            yield f"for {self.to.name(text_of(left))} in {items}:"
            yield from self.body(part(node, "body"))
            return
        self.to.made += 1
        whole = f"js_whole_{self.to.made}"
        yield f"for {whole} in {items}:"
        yield from indented([self._taken(left.type, whole, at, each) for at, each in enumerate(parts(left))])
        yield from self.body(part(node, "body"))

    def _for(self, node: Node) -> Iterator[str]:
        body = part(node, "body")
        if any(each.type == "continue_statement" for each in everything(body)):
            raise Untranslatable("a counting loop with 'continue' has no counterpart here")
        first, after = node.child_by_field_name("initializer"), node.child_by_field_name("increment")
        if first is not None:
            yield from self.statement(first)
        condition = part(node, "condition")
        tested = parts(condition)[0] if condition.type == "expression_statement" else condition
        yield f"while {self._tested(tested) if condition.type != 'empty_statement' else 'True'}:"
        yield from self.body(body)
        if after is not None:
            yield from indented(list(self._done(after)))

    def _try(self, node: Node) -> Iterator[str]:
        yield "try:"
        yield from self.body(part(node, "body"))
        if caught := node.child_by_field_name("handler"):
            name = caught.child_by_field_name("parameter")
            yield "except Exception as js_error:"
            if name is not None:
                yield from indented([f'{self.to.name(text_of(name))} = {{"message": str(js_error)}}'])
            yield from self.body(part(caught, "body"))
        if last := node.child_by_field_name("finalizer"):
            yield "finally:"
            yield from self.body(part(last, "body"))

    def _message(self, node: Node) -> str:
        if node.type == "new_expression" and text_of(part(node, "constructor")).endswith("Error"):
            given = parts(part(node, "arguments"))
            return f"js_text({self.to.expression(given[0])})" if given else '""'
        return f"js_text({self.to.expression(node)})"


def _sorts(node: Node) -> bool:
    called = node.child_by_field_name("function")
    name = called.child_by_field_name("property") if called is not None else None
    return node.type == "call_expression" and name is not None and text_of(name) == "sort"


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


STATEMENTS: dict[str, Callable[[Writer, Node], Iterator[str]]] = {
    "lexical_declaration": Writer._declarations,
    "variable_declaration": Writer._declarations,
    "expression_statement": lambda to, node: to._done(parts(node)[0]),
    "return_statement": Writer._return,
    "if_statement": lambda to, node: to._if(node, "if"),
    "for_in_statement": Writer._for_each,
    "for_statement": Writer._for,
    "while_statement": Writer._while,
    "try_statement": Writer._try,
    "throw_statement": Writer._throw,
    "function_declaration": Writer._named,
    "statement_block": lambda to, node: iter(to.block(parts(node))),
    "break_statement": Writer._jump,
    "continue_statement": Writer._jump,
    "empty_statement": lambda to, node: iter(()),
}
