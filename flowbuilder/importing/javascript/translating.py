"""Scripts of JavaScript as scripts of Python for a node 'Code'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tree_sitter import Node

from flowbuilder.importing.javascript.expressions import Translation
from flowbuilder.importing.javascript.runtime import preamble
from flowbuilder.importing.javascript.statements import Writer, indented
from flowbuilder.importing.javascript.syntax import Untranslatable, declared_in, parsed, parts, text_of
from flowbuilder.importing.javascript.syntax import field as part


@dataclass(frozen=True)
class Translated:
    code: str
    """Python, whose last line is its value."""
    inputs: dict[str, str]
    """What it takes: the other builder's expression -> the name of the input."""


def translated(script: str) -> Translated:
    """Of the body of a function. Errors: ``Untranslatable``."""
    root = parsed(script)
    writer = Writer(Translation(declared=declared_in(root)))
    try:
        lines = writer.block(parts(root))
    except RecursionError as error:
        raise Untranslatable("it is nested too deep") from error
    return _whole(writer, lines, writer.to.inputs)


def translated_main(script: str) -> Translated:
    """Of a script with ``function main({a, b})``, whose parameter is a record of what it takes. Errors: ``Untranslatable``."""
    root = parsed(script)
    main = next((each for each in parts(root) if _is_main(each)), None)
    if main is None:
        raise Untranslatable("it has no function 'main'")
    writer = Writer(Translation(declared=declared_in(root)))
    given = part(main, "parameters")
    names = [text_of(each) for pattern in parts(given) for each in parts(pattern)] or []
    if any(pattern.type != "object_pattern" for pattern in parts(given)):
        names = [text_of(pattern) for pattern in parts(given)]
    for name in names:
        writer.to.inputs[name] = re.sub(r"\W", "_", name)[:40]
    lines = [f"{writer.to.name(name)} = given_{writer.to.inputs[name]}" for name in names]
    others = [each for each in parts(root) if each is not main]
    return _whole(
        writer, [*writer.block(others), *lines, *writer.block(parts(part(main, "body")))], writer.to.inputs
    )


def _is_main(node: Node) -> bool:
    name = node.child_by_field_name("name")
    return node.type == "function_declaration" and name is not None and text_of(name) == "main"


def _whole(writer: Writer, lines: list[str], inputs: dict[str, str]) -> Translated:
    given = ", ".join(f"given_{name}" for name in inputs.values())
    body = "\n".join(
        [f"def main({given}):", *indented(lines or ["pass"]), "", "", f"main({', '.join(inputs.values())})"]
    )
    before = preamble(body)
    return Translated(f"{before}\n\n\n{body}" if before else body, dict(inputs))
