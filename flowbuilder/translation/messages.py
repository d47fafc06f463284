"""Every text that is marked for translation: in Python, in templates, in the nodes' own descriptions."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation.template import templatize

from flowbuilder.translation import raised
from flowbuilder.translation.errors import CONTEXT

ROOT = Path(__file__).resolve().parent.parent.parent
CALLS = {
    "_": "s",
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
}
"""What the first arguments of each are: a context, a singular, a plural."""
STRING = r"[rub]?'(?:[^'\\]|\\.)*'|[rub]?\"(?:[^\"\\]|\\.)*\""
MARKED = re.compile(rf"\b({'|'.join(CALLS)})\(\s*((?:(?:{STRING})\s*,?\s*)+)", re.DOTALL)


@dataclass(frozen=True)
class Message:
    singular: str
    plural: str = ""
    context: str = ""


def messages() -> dict[Message, str]:
    """Each once, with the first place where it stands."""
    found: dict[Message, str] = {}
    for place, message in (
        *of_python(),
        *of_templates(),
        *of_nodes(),
        *of_gallery(),
        *of_splitting(),
        *of_errors(),
    ):
        if message.singular.strip():
            found.setdefault(message, place)
    return found


def of_python() -> Iterator[tuple[str, Message]]:
    for path in sorted((ROOT / "flowbuilder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (name := called(node.func)) in CALLS:
                texts = [text.value for text in node.args if isinstance(text, ast.Constant)]
                if len(texts) >= len(CALLS[name]) and all(
                    isinstance(text, str) for text in texts[: len(CALLS[name])]
                ):
                    yield place_of(path), message_of(name, texts)


def called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def of_templates() -> Iterator[tuple[str, Message]]:
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for name, texts in MARKED.findall(templatize(path.read_text())):
            said = [ast.literal_eval(text) for text in re.findall(STRING, texts, re.DOTALL)]
            yield place_of(path), message_of(name, said)


def message_of(name: str, texts: list[Any]) -> Message:
    told = dict(zip(CALLS[name], texts, strict=False))
    return Message(singular=told["s"], plural=told.get("p", ""), context=told.get("c", ""))


def of_nodes() -> Iterator[tuple[str, Message]]:
    from flowbuilder.engine.catalogue import Catalogue
    from flowbuilder.flows.reference.entries import later_paragraphs
    from flowbuilder.translation.nodes import texts_of

    catalogue = Catalogue.load(["nodes"])
    for description in catalogue.describe():
        later = later_paragraphs(catalogue.kinds[description["type"]])
        place = f"nodes/{description['type'].replace('.', '/')}.py"
        yield place, Message(singular=description["category"], context="category")
        for text in (*texts_of(description), *later):
            yield place, Message(singular=text)


def of_splitting() -> Iterator[tuple[str, Message]]:
    from flowbuilder.knowledge.pages import split_form

    for text in split_form.texts():
        yield (
            "flowbuilder/knowledge/splitting/settings.py",
            Message(singular=text, context=split_form.CONTEXT),
        )


def of_gallery() -> Iterator[tuple[str, Message]]:
    from flowbuilder.flows.gallery import language

    for slug, text in language.texts():
        yield f"flowbuilder/flows/gallery/{slug}.json", Message(singular=text, context=language.CONTEXT)


def of_errors() -> Iterator[tuple[str, Message]]:
    for path, text in raised.sentences():
        yield place_of(path), Message(singular=text.strip(), context=CONTEXT)
    for text in raised.of_pydantic():
        yield "flowbuilder/translation/raised.py", Message(singular=text, context=CONTEXT)


def place_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def placeholders(texts: Iterable[str]) -> set[str]:
    """What a translation has to keep: ``%(name)s`` and ``{name}``."""
    return {found for text in texts for found in re.findall(r"%\(\w+\)[sd]|\{\w*\}|%[sd]", text)}
