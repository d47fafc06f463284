"""Text to plain data, within limits: JSON, or YAML without its surprises."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import yaml

from flowbuilder.apis.importing.refusal import Refused
from flowbuilder.storable import storable

DEEPEST = 100
MOST_PARTS = 500_000
"""Values in the whole document, an alias counted each time that it stands for something."""


class _Loader(yaml.CSafeLoader):
    """YAML as OpenAPI means it: dates are text, and of all words only true and false are booleans."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, shape) for tag, shape in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(  # type: ignore[no-untyped-call]
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def read(text: str) -> Any:
    """The document's data; ``Refused`` names the line that cannot be read, or the limit that it goes beyond."""
    text = storable(text).removeprefix("\ufeff")
    if not text.strip():
        raise Refused("There is nothing in it.")
    data = _json(text) if text.lstrip()[0] in "{[" else _yaml(text)
    _measure(data)
    return _plain(data)


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        try:
            return _yaml(text)  # YAML's own short form begins like JSON
        except Refused:
            raise Refused(
                f"This is not JSON: {error.msg}.", f"line {error.lineno}, column {error.colno}"
            ) from error
    except RecursionError as error:
        raise Refused(f"It is nested more than {DEEPEST} levels deep.") from error
    except ValueError as error:
        raise Refused(f"It holds a number that is too long to read: {error}.") from error


def _no_number(name: str) -> Any:
    raise Refused(f"{name} is no number in JSON.")


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Refused(f"This is neither JSON nor YAML: {error.problem or error.context}.", place) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Refused(f"This is neither JSON nor YAML: {error}.") from error
    except RecursionError as error:
        raise Refused(f"It is nested more than {DEEPEST} levels deep.") from error


def _measure(data: Any) -> None:
    """Walks everything, aliases as often as they stand for something, until a limit is reached."""
    parts = 0
    waiting: list[tuple[Any, int]] = [(data, 1)]
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if depth > DEEPEST:
            raise Refused(f"It is nested more than {DEEPEST} levels deep.")
        if parts + len(waiting) > MOST_PARTS:
            raise Refused(f"It unfolds into more than {MOST_PARTS} values; import a part of it.")
        waiting += [(inner, depth + 1) for inner in _inside(part)]


def _inside(part: Any) -> Iterator[Any]:
    if isinstance(part, dict):
        yield from part.values()
    elif isinstance(part, list):
        yield from part


def _plain(data: Any) -> Any:
    """Keys as text (YAML reads a status as a number), and nothing but JSON's types."""
    if isinstance(data, dict):
        return {_key(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(item) for item in data]
    if isinstance(data, float) and not math.isfinite(data):
        raise Refused(f"{data} is no number in JSON, or one too large.")
    if isinstance(data, str):
        return storable(data)
    if data is None or isinstance(data, int | float | bool):
        return data
    raise Refused(f"{str(data)[:60]!r} is no value that JSON has.")


def _key(key: Any) -> str:
    if isinstance(key, str):
        return storable(key)
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)
