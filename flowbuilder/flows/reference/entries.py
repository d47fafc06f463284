"""Everything that the reference says of one node."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from flowbuilder.apis.fields import FieldRow, rows_of
from flowbuilder.engine.catalogue import describe
from flowbuilder.flows.gallery import Template, templates, types_in
from flowbuilder.flows.gallery.language import spoken
from flowbuilder.flows.nodes import catalogue
from flowbuilder.translation.nodes import in_language
from nodes.base import Node


@dataclass(frozen=True)
class Entry:
    type: str
    title: str
    category: str
    shelf: str
    """The category as readers know it."""
    icon: str
    paragraphs: tuple[str, ...]
    inputs: tuple[dict[str, Any], ...]
    outputs: tuple[dict[str, Any], ...]
    dynamic: bool
    settings: tuple[FieldRow, ...]
    facts: tuple[str, ...]
    sends_out: bool
    examples: tuple[Template, ...]


def entry(type_id: str) -> Entry | None:
    kinds = catalogue()
    found = kinds.aliases.get(type_id, type_id)
    return _entry(found, kinds.kinds[found], get_language()) if found in kinds.kinds else None


def by_category() -> list[tuple[str, list[Entry]]]:
    """All of them, as the palette groups them."""
    every = [_entry(type_id, kind, get_language()) for type_id, kind in catalogue().kinds.items()]
    every.sort(key=lambda each: (each.category, each.title))
    return [(name, list(group)) for name, group in groupby(every, key=lambda each: each.category)]


@lru_cache(maxsize=1024)
def _entry(type_id: str, kind: type[Node], language: str | None) -> Entry:
    """Kept for each language; ``language`` is the one that is spoken now."""
    told = in_language(describe(type_id, kind))
    return Entry(
        type=type_id,
        title=told["title"],
        category=told["category"],
        shelf=pgettext("category", told["category"]),
        icon=told["icon"],
        paragraphs=(told["description"], *(_(text) for text in later_paragraphs(kind))),
        inputs=tuple(told["inputs"]),
        outputs=tuple(told["outputs"]),
        dynamic=told["dynamic"],
        settings=tuple(rows_of(told["settings_schema"])),
        facts=tuple(_facts(kind)),
        sends_out=told["sends_out"],
        examples=tuple(spoken(each) for each in templates() if type_id in types_in(each.graph)),
    )


def later_paragraphs(kind: type[Node]) -> list[str]:
    """What its docstring says behind the first paragraph, which is its description."""
    return list(_paragraphs(kind.__doc__ or ""))[1:]


def _paragraphs(text: str) -> Iterator[str]:
    """Of a docstring, each on one line, without the marks of code."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        yield re.sub(r"\s+", " ", paragraph).replace("``", "`")


def _facts(kind: type[Node]) -> Iterator[str]:
    yield _("One attempt may take %(n)s seconds.") % {"n": f"{kind.timeout:g}"}
    if kind.attempts > 1:
        yield _("It is tried %(n)s times where a failure may pass by itself.") % {"n": kind.attempts}
    if kind.pure:
        yield _("The same inputs and settings always give the same outputs.")
    if kind.is_reply:
        yield _("What it gives is the answer of the run.")
