"""References inside one document. Nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from flowbuilder.apis.importing.refusal import Refused

MOST_HOPS = 20


def check_references(data: Any) -> None:
    """Names the first reference that leaves the document, or points at nothing in it."""
    for place, ref in _references(data, ()):
        if not ref.startswith("#"):
            raise Refused(
                f"'$ref': '{ref[:200]}' is in another document, and nothing is fetched. Bundle it into one document first.",
                ".".join(place),
            )
        if ref.startswith("#/"):
            try:
                lookup(data, ref)
            except Refused as refused:
                raise Refused(str(refused), ".".join(place)) from None


def _references(data: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(data, list):
        for position, item in enumerate(data):
            yield from _references(item, (*place, str(position)))
    if not isinstance(data, dict):
        return
    for word in ("$ref", "$dynamicRef"):
        if isinstance(data.get(word), str):
            yield place, data[word]
    for key, value in data.items():
        if key not in {"example", "examples", "default", "enum", "const"} or place[-1:] == ("properties",):
            yield from _references(value, (*place, key))


def without_ids(data: Any, names: bool = False) -> Any:
    """Schemas may not say that they stand at another address: their references are meant inside this document."""
    if isinstance(data, list):
        return [without_ids(item) for item in data]
    if not isinstance(data, dict):
        return data
    return {
        key: without_ids(value, names=key in {"properties", "patternProperties", "schemas"} and not names)
        for key, value in data.items()
        if names or key not in {"$id", "$schema"} or not isinstance(value, str)
    }


def lookup(document: Any, ref: str) -> Any:
    """What ``#/components/...`` points at."""
    found = document
    for step in ref.removeprefix("#").strip("/").split("/") if ref not in {"#", "#/"} else []:
        step = unquote(step).replace("~1", "/").replace("~0", "~")
        try:
            found = found[int(step)] if isinstance(found, list) else found[step]
        except (KeyError, IndexError, ValueError, TypeError):
            raise Refused(f"'$ref': '{ref[:200]}' points at nothing in this document.") from None
    return found


def target(document: Any, part: Any) -> Any:
    """The part itself, or what it refers to."""
    for _ in range(MOST_HOPS):
        if not isinstance(part, dict) or not isinstance(part.get("$ref"), str):
            return part
        part = lookup(document, part["$ref"])
    raise Refused(f"'$ref': '{part['$ref'][:200]}' refers to another reference, and so on without an end.")
