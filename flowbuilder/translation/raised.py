"""What errors say: every sentence in the code that may reach a person, with a named hole where a value stands."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic_core._pydantic_core import list_all_errors

ROOT = Path(__file__).resolve().parent.parent.parent
SENTENCE = re.compile(r"\s*\S[^\n]* [^\n]*(?:[.!?]|: \{\w+\})\s*")
"""Not only what is raised: an error may be put together first, or be kept and shown later."""
FOR_PROGRAMS = re.compile(
    r"/(management|migrations|translation)/|/(settings|supervisor)\.py$|/publishing/(openai|mcp|flowise)/"
)
"""Said in a terminal, or to programs of other products over their protocol: in English."""
OTHER_TEXT = re.compile(
    r"training/(corpus/|sources\.py|recipes/pairwise\.py|forms\.py)|knowledge/(index/|embedding\.py|loaders/openapi\.py)"
    r"|flows/(bots/|describing/asking\.py|reference/)|prompting/(optimiser/|rewriting\.py)|publishing/samples/"
    r"|modelhub/(card|generation)\.py|training/card\.py|evaluation/(card|exporting)\.py"
    r"|nodes/language/(?!saying|guardrail)|nodes/data/synthesis\.py"
)
"""What is written there for models, files and databases reaches no person; only what is raised does."""
PHRASES = re.compile(r"/evaluation/gates\.py$")
"""Where every text is said, even a few words: they are put together on the page."""
WORD = re.compile(r"(?:anybody|people|judge|rewards?|perplexity|none|points)")
"""Single words of such phrases."""
LOGGED = {"warning", "info", "exception", "debug", "critical", "error", "add_argument", "Field"}
OURS = {
    "AssertionError",
    "CommandError",
    "RuntimeError",
    "SystemExit",
    "TypeError",
    "KeyError",
    "ImproperlyConfigured",
}
"""Raised at whoever writes or starts the program."""
MARKED = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "pgettext_lazy"}

OF_PYDANTIC = re.compile(
    r"missing|extra_forbidden|none_required|greater_than.*|less_than.*|multiple_of|finite_number|literal_error|enum|(string|int|float|bool|list|dict|tuple)_.*"
    r"|too_(short|long)|json_(invalid|type)|value_error|model_(type|attributes_type)|date(time)?_(parsing|from_date_parsing)|uuid_parsing|union_tag_.*|mapping_type"
)
"""The kinds of its errors that settings and bodies can meet."""


@dataclass(frozen=True)
class Hole:
    name: str


def sentences() -> Iterator[tuple[Path, str]]:
    for folder in ("flowbuilder", "nodes"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if FOR_PROGRAMS.search(str(path)):
                continue
            only_raised = bool(OTHER_TEXT.search(str(path)))
            for text, raised in said_in(ast.parse(path.read_text()), bool(PHRASES.search(str(path)))):
                if raised or not only_raised:
                    yield path, text


def said_in(tree: ast.AST, raised: bool) -> Iterator[tuple[str, bool]]:
    for node in ast.iter_child_nodes(tree):
        if is_docstring(node) or (isinstance(node, ast.Call) and called(node.func) in LOGGED | OURS | MARKED):
            continue
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
            text = pattern(node)
            if text and is_said(text, raised):
                yield text, raised
                continue
            if isinstance(node, ast.JoinedStr):
                for value in node.values:
                    if isinstance(value, ast.FormattedValue):
                        yield from said_in(value, raised)
                continue
        yield from said_in(node, raised or isinstance(node, ast.Raise))


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def is_said(text: str, raised: bool) -> bool:
    words = re.sub(r"\{\w*\}", "", text)
    if not re.search(r"[A-Za-z]{2}", words) or re.search(r"\\[dsw]|\(\?", text) or "\n" in text:
        return False
    return (raised and (" " in text.strip() or bool(WORD.fullmatch(text)))) or bool(SENTENCE.fullmatch(text))


def pattern(node: ast.expr) -> str | None:
    """``There is no flow '{name}'.`` for the f-string that says so; None for what is no text."""
    parts = list(parts_of(node))
    if not any(isinstance(part, str) for part in parts) or None in parts:
        return None
    holes: list[str] = []
    said = ""
    for part in parts:
        if isinstance(part, str):
            said += part
            continue
        name = part.name
        while name in holes:
            name += "_"
        holes.append(name)
        said += f"{{{name}}}"
    return said


def parts_of(node: ast.expr) -> Iterator[str | Hole | None]:
    if isinstance(node, ast.Constant):
        yield node.value if isinstance(node.value, str) else None
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from (
                [value.value] if isinstance(value, ast.Constant) else [Hole(named(value.value) or "value")]
            )
    elif isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add):
            yield from parts_of(node.left)
            yield from parts_of(node.right)
        else:
            yield Hole("value")
    else:
        yield Hole(named(node) or "value")


def named(node: ast.expr) -> str:
    """What fills a hole, in one word: ``count`` for ``len(self.count)``."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr.strip("_")
        case ast.Call() if node.args:
            return named(node.args[0])
        case ast.Call():
            return named(node.func)
        case ast.Subscript() | ast.Starred():
            return named(node.value)
    return ""


def of_pydantic() -> Iterator[str]:
    """What the checks of settings and bodies say."""
    for each in list_all_errors():
        if OF_PYDANTIC.fullmatch(each["type"]) and re.search(r"[A-Za-z]{3}", each["message_template_python"]):
            for plural in ("", "s"):
                yield each["message_template_python"].replace("{expected_plural}", plural)
