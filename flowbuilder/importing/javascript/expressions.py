"""Expressions of JavaScript as expressions of Python."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tree_sitter import Node

from flowbuilder.importing.drawing import numbered, port_name
from flowbuilder.importing.javascript import calls
from flowbuilder.importing.javascript.patterns import as_python
from flowbuilder.importing.javascript.syntax import (
    Untranslatable,
    parts,
    shortened,
    string_in,
    text_of,
    unescaped,
)
from flowbuilder.importing.javascript.syntax import field as part

CONSTANTS = {"undefined": "None", "null": "None", "true": "True", "false": "False", "NaN": "None"}
SIGNS = {"===": "==", "!==": "!="}
LAZY = {"&&": "js_and", "||": "js_or", "??": "js_else"}
PLAIN = {"-", "*", "/", "%", "**", "<", ">", "<=", ">=", "==", "!=", "&", "|", "^", "<<", ">>"}
OUTSIDE = re.compile(r"\$(?:(?:vars|flow\.state)\.\w+|flow\.(?:input|output))")
"""What a script takes from its flow by a dotted name."""
OURS = re.compile(r"js_\w*|given_\w*|json|re|math|main|len|list|dict|str|int|bool|isinstance|sorted")
"""Names that the Python around it uses."""


@dataclass
class Translation:
    """One script: what it takes from outside, and what has to stand before the line that is being written."""

    inputs: dict[str, str] = field(default_factory=dict)
    """Expression of the other builder -> name of the input here."""
    before: list[str] = field(default_factory=list)
    functions: Callable[[str, Node], list[str]] = lambda name, node: []
    """Writes a function with a body; set by who translates statements."""
    made: int = 0
    declared: frozenset[str] = frozenset()
    """The names that the script gives."""

    def given(self, expression: str) -> str:
        """The variable that holds what a script takes from outside."""
        if expression not in self.inputs:
            wanted = port_name(re.sub(r"^\$(flow\.(state\.)?)?", "", expression))[:36]
            taken = {*self.inputs.values(), "self", "ctx"}
            self.inputs[expression] = next(
                name for name in numbered(wanted) if name not in taken and not keyword.iskeyword(name)
            )
        return f"given_{self.inputs[expression]}"

    def name(self, written: str) -> str:
        """A variable of the script, where Python means something by its name."""
        plain = re.sub(r"[^A-Za-z0-9_]", "_", written)
        return f"{plain}_" if keyword.iskeyword(plain) or OURS.fullmatch(plain) else plain

    # Expressions by the kind of their node

    def expression(self, node: Node) -> str:
        kind = node.type
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind not in KINDS:
            raise Untranslatable(f"'{shortened(node)}' has no counterpart here")
        return KINDS[kind](self, node)

    def true(self, node: Node) -> str:
        """As a condition."""
        if node.type == "parenthesized_expression":
            return f"({self.true(parts(node)[0])})"
        sign = node.child_by_field_name("operator")
        said = text_of(sign) if sign else ""
        if node.type == "binary_expression" and said in {"&&", "||"}:
            word = "and" if said == "&&" else "or"
            return f"({self.true(part(node, 'left'))} {word} {self.true(part(node, 'right'))})"
        if node.type == "unary_expression" and said == "!":
            return f"not {self.true(part(node, 'argument'))}"
        if node.type == "binary_expression" and said in {"<", ">", "<=", ">=", "==", "!=", "===", "!=="}:
            return self.expression(node)
        return f"js_true({self.expression(node)})"

    def identifier(self, node: Node) -> str:
        written = text_of(node)
        if written.startswith("$") and len(written) > 1:
            return self.given(written)
        if written not in self.declared:
            raise Untranslatable(f"'{written}' is not there")
        return self.name(written)

    def number(self, node: Node) -> str:
        written = text_of(node).replace("_", "")
        if not re.fullmatch(r"\d+(\.\d+)?([eE][-+]?\d+)?|\.\d+|0[xX][0-9a-fA-F]+", written):
            raise Untranslatable(f"the number '{written}' has no counterpart here")
        return str(int(written, 16)) if written[:2].lower() == "0x" else written

    def string(self, node: Node) -> str:
        return quoted(string_in(node))

    def template(self, node: Node) -> str:
        pieces = []
        for child in parts(node):
            if child.type == "template_substitution":
                pieces.append(f"js_text({self.expression(parts(child)[0])})")
            elif child.type == "string_fragment":
                pieces.append(quoted(text_of(child)))
            else:
                pieces.append(quoted(unescaped(text_of(child))))
        return f"({' + '.join(pieces)})" if pieces else '""'

    def regex(self, node: Node) -> str:
        pattern, flags = text_of(part(node, "pattern")), node.child_by_field_name("flags")
        return f"js_pattern({quoted(as_python(pattern))}, {quoted(text_of(flags) if flags else '')})"

    def member(self, node: Node) -> str:
        whole = re.sub(r"\s|\?(?=\.)", "", text_of(node))
        if OUTSIDE.fullmatch(whole):
            return self.given(whole)
        return self._deeper(node)

    def _deeper(self, node: Node) -> str:
        of = part(node, "object")
        if text_of(of) in {"$flow", "$vars", "process", "window", "globalThis"}:
            raise Untranslatable(f"'{shortened(node)}' is not there")
        takes = "js_maybe" if node.child_by_field_name("optional_chain") else "js_get"
        if node.type == "subscript_expression":
            return f"{takes}({self.expression(of)}, {self.expression(part(node, 'index'))})"
        return f"{takes}({self.expression(of)}, {quoted(text_of(part(node, 'property')))})"

    def call(self, node: Node) -> str:
        called = part(node, "function")
        given = part(node, "arguments")
        if given.type != "arguments":
            raise Untranslatable(f"'{shortened(node)}' has no counterpart here")
        name = re.sub(r"\s", "", text_of(called))
        if name in calls.FUNCTIONS:
            return calls.function(name, self._arguments(given))
        if called.type == "member_expression":
            return self._method(node, called, given)
        if called.type != "identifier" or name in {"require", "fetch", "eval", "setTimeout", "$"}:
            raise Untranslatable(f"'{shortened(node)}' has no counterpart here")
        return f"{self.identifier(called)}({', '.join(self._arguments(given))})"

    def _arguments(self, node: Node) -> list[str]:
        return [
            f"*{self.expression(parts(each)[0])}" if each.type == "spread_element" else self.expression(each)
            for each in parts(node)
        ]

    def _method(self, node: Node, called: Node, given: Node) -> str:
        name = text_of(part(called, "property"))
        of = self.expression(part(called, "object"))
        first = next(iter(parts(given)), None)
        if (
            first is not None
            and first.type == "regex"
            and name in {"replace", "replaceAll", "split", "match"}
        ):
            return self._by_pattern(name, of, first, given)
        if name == "sort":
            return self._sorted(of, parts(given), node)
        return calls.method(name, of, self._arguments(given))

    def _by_pattern(self, name: str, of: str, pattern: Node, given: Node) -> str:
        flags = pattern.child_by_field_name("flags")
        everywhere = flags is not None and "g" in text_of(flags)
        compiled = self.regex(pattern)
        if name == "split":
            return f"{compiled}.split({of})"
        if name == "match":
            if not everywhere:
                raise Untranslatable("'.match()' is translated for patterns with 'g' alone")
            return f"({compiled}.findall({of}) or None)"
        instead = parts(given)[1] if len(parts(given)) > 1 else None
        if instead is None or instead.type != "string":
            raise Untranslatable(f"'.{name}()' is translated with a text in its place alone")
        written = re.sub(r"\$(\d)", r"\\\1", string_in(instead).replace("\\", "\\\\"))
        return f"{compiled}.sub({quoted(written)}, {of}{'' if everywhere else ', 1'})"

    def _sorted(self, of: str, given: list[Node], node: Node) -> str:
        """``(a, b) => a.x - b.x``, either way round; texts without an argument."""
        if not given:
            return f"sorted({of}, key=js_text)"
        arrow = given[0]
        names = [text_of(each) for each in parts(arrow.child_by_field_name("parameters") or arrow)]
        body = arrow.child_by_field_name("body")
        if arrow.type == "arrow_function" and body is not None and body.type == "binary_expression":
            first, second = text_of(part(body, "left")), text_of(part(body, "right"))
            if text_of(part(body, "operator")) == "-" and len(names) == 2:
                for one, other, turned in ((names[0], names[1], False), (names[1], names[0], True)):
                    if re.sub(rf"\b{re.escape(one)}\b", other, first) == second and one in first:
                        key = self.expression(part(body, "left"))
                        return f"sorted({of}, key=lambda {self.name(one)}: {key}, reverse={turned})"
        raise Untranslatable(f"'{shortened(node)}' is sorted in a way that has no counterpart here")

    def binary(self, node: Node) -> str:
        sign = text_of(part(node, "operator"))
        left, right = self.expression(part(node, "left")), self.expression(part(node, "right"))
        if sign in LAZY:
            return f"{LAZY[sign]}({left}, lambda: {right})"
        if sign == "+":
            return f"js_add({left}, {right})"
        if sign == "in":
            return f"({left} in {right})"
        sign = SIGNS.get(sign, sign)
        if sign not in PLAIN:
            raise Untranslatable(f"'{sign}' has no counterpart here")
        return f"({left} {sign} {right})"

    def unary(self, node: Node) -> str:
        sign, of = text_of(part(node, "operator")), part(node, "argument")
        if sign == "!":
            return f"(not {self.true(of)})"
        if sign == "-":
            return f"(-{self.expression(of)})"
        if sign == "+":
            return f"js_number({self.expression(of)})"
        if sign == "typeof" and of.type == "identifier" and not text_of(of).startswith("$"):
            return f"js_typeof({self.expression(of)})" if text_of(of) in self.declared else '"undefined"'
        if sign == "typeof":
            return f"js_typeof({self.expression(of)})"
        raise Untranslatable(f"'{sign}' has no counterpart here")

    def choice(self, node: Node) -> str:
        either, other = (self.expression(part(node, name)) for name in ("consequence", "alternative"))
        return f"({either} if {self.true(part(node, 'condition'))} else {other})"

    def object(self, node: Node) -> str:
        pairs = []
        for each in parts(node):
            if each.type == "pair":
                pairs.append(f"{self._key(part(each, 'key'))}: {self.expression(part(each, 'value'))}")
            elif each.type == "shorthand_property_identifier":
                pairs.append(f"{quoted(text_of(each))}: {self.identifier(each)}")
            elif each.type == "spread_element":
                pairs.append(f"**{self.expression(parts(each)[0])}")
            else:
                raise Untranslatable(f"'{shortened(each)}' has no counterpart here")
        return f"{{{', '.join(pairs)}}}"

    def _key(self, node: Node) -> str:
        if node.type == "computed_property_name":
            return self.expression(parts(node)[0])
        return quoted(string_in(node) if node.type == "string" else text_of(node))

    def array(self, node: Node) -> str:
        return f"[{', '.join(self._arguments(node))}]"

    def function(self, node: Node) -> str:
        """One that is handed over: a lambda, or written before the line that it stands in."""
        body = part(node, "body")
        if body.type != "statement_block":
            return f"(lambda {self.parameters(node)}: {self.expression(body)})"
        self.made += 1
        name = f"js_function_{self.made}"
        self.before += self.functions(name, node)
        return name

    def parameters(self, node: Node) -> str:
        """As JavaScript takes them: what is missing is undefined, and what is too much is dropped."""
        given = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        listed = [] if given is None else [given] if given.type == "identifier" else parts(given)
        names = []
        for each in listed:
            if each.type == "identifier":
                names.append(f"{self.name(text_of(each))}=None")
            elif each.type == "assignment_pattern" and part(each, "left").type == "identifier":
                names.append(
                    f"{self.name(text_of(part(each, 'left')))}={self.expression(part(each, 'right'))}"
                )
            else:
                raise Untranslatable(f"the parameter '{shortened(each)}' is taken apart where it arrives")
        return ", ".join([*names, "*_"])


def quoted(text: str) -> str:
    """As Python writes it, which JSON does too, but for signs beyond the first plane."""
    return json.dumps(text, ensure_ascii=False)


KINDS: dict[str, Callable[[Translation, Node], str]] = {
    "identifier": Translation.identifier,
    "number": Translation.number,
    "string": Translation.string,
    "template_string": Translation.template,
    "regex": Translation.regex,
    "member_expression": Translation.member,
    "subscript_expression": Translation._deeper,
    "call_expression": Translation.call,
    "binary_expression": Translation.binary,
    "unary_expression": Translation.unary,
    "ternary_expression": Translation.choice,
    "object": Translation.object,
    "array": Translation.array,
    "arrow_function": Translation.function,
    "function_expression": Translation.function,
    "parenthesized_expression": lambda to, node: f"({to.expression(parts(node)[0])})",
    "await_expression": lambda to, node: to.expression(parts(node)[0]),
}
