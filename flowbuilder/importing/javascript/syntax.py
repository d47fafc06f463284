"""JavaScript as a tree, by tree-sitter's grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

LANGUAGE = Language(tree_sitter_javascript.language())
LONGEST = 50_000
DEEPEST = 60
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
CODE_POINT = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))")


class Untranslatable(Exception):
    """What of a script has no counterpart, as part of a sentence."""


def parsed(script: str) -> Node:
    """Errors: ``Untranslatable`` where it is no JavaScript, too long or too deep."""
    if len(script) > LONGEST:
        raise Untranslatable(f"it is longer than {LONGEST:,} characters")
    # A script of these builders is the body of a function: only there may it return.
    root = Parser(LANGUAGE).parse(script.encode("utf-8", "replace")).root_node
    if root.has_error:
        raise Untranslatable("it cannot be read as JavaScript")
    if _deeper(root, DEEPEST):
        raise Untranslatable(f"it is nested deeper than {DEEPEST}")
    return root


def _deeper(root: Node, most: int) -> bool:
    edge = [root]
    for _ in range(most):
        edge = [child for node in edge for child in node.children]
        if not edge:
            return False
    return True


def text_of(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def parts(node: Node) -> list[Node]:
    """What it is made of, without comments."""
    return [child for child in node.named_children if child.type != "comment"]


def field(node: Node, name: str) -> Node:
    """A part that has to be there."""
    found = node.child_by_field_name(name)
    if found is None:
        raise Untranslatable(f"'{shortened(node)}' is incomplete")
    return found


def everything(root: Node) -> Iterator[Node]:
    edge = [root]
    while edge:
        node = edge.pop()
        yield node
        edge += reversed(node.children)


def declared_in(root: Node) -> frozenset[str]:
    """Every name that a script gives to something."""
    fields = {
        "variable_declarator": ("name",),
        "function_declaration": ("name", "parameters"),
        "function_expression": ("name", "parameters"),
        "arrow_function": ("parameters", "parameter"),
        "catch_clause": ("parameter",),
        "for_in_statement": ("left",),
    }
    givers = [
        given
        for node in everything(root)
        for name in fields.get(node.type, ())
        if (given := node.child_by_field_name(name)) is not None
    ]
    names = {"identifier", "shorthand_property_identifier_pattern"}
    return frozenset(text_of(each) for given in givers for each in everything(given) if each.type in names)


def shortened(node: Node) -> str:
    text = " ".join(text_of(node).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def string_in(node: Node) -> str:
    """What stands between the quotes."""
    return "".join(
        unescaped(text_of(child)) if child.type == "escape_sequence" else text_of(child)
        for child in parts(node)
    )


def unescaped(written: str) -> str:
    if found := CODE_POINT.fullmatch(written):
        number = int(next(group for group in found.groups() if group), 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "?"
    return ESCAPES.get(written[1:], "" if written[1:] in {"\n", "\r\n"} else written[1:])
