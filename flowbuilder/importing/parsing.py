"""Bytes of a file as plain data: JSON, YAML and zip files, of a size and a depth that cannot harm."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NoReturn

import yaml

from flowbuilder.flows.files import unpacking
from flowbuilder.importing.original import Unreadable
from flowbuilder.storable import storable

MOST_BYTES = 50 * 2**20
"""Of one file; of a zip file all that is in it."""
MOST_FILES = 500
DEEPEST = 60
MOST_VALUES = 2_000_000
LAYOUT = ".layout.json"


def unpacked(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The files, those in zip files one by one. Errors: ``Unreadable``."""
    found: list[tuple[str, bytes]] = []
    for name, data in files:
        if len(data) > MOST_BYTES:
            raise Unreadable(f"'{name}' is larger than {MOST_BYTES // 2**20} MB")
        found += _zip(name, data) if name.lower().endswith(".zip") else [(name, data)]
        if len(found) > MOST_FILES:
            raise Unreadable(f"these are more than {MOST_FILES} files")
    return found


def parsed(name: str, data: bytes) -> Any:
    """Errors: ``Unreadable``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not text in UTF-8") from error
    found = _yaml(text) if name.lower().endswith((".yml", ".yaml")) else _json(text)
    return _checked(found)


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise Unreadable(f"it is nested deeper than {DEEPEST}") from error
    except ValueError as error:
        raise Unreadable("it is not JSON") from error


def _yaml(text: str) -> Any:
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise Unreadable("it has YAML aliases, which no export has")
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable("it is not YAML") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _checked(found: Any) -> Any:
    """The same, with texts as a database keeps them."""
    count = 0

    def clean(value: Any, depth: int) -> Any:
        nonlocal count
        count += 1
        if depth > DEEPEST:
            raise Unreadable(f"it is nested deeper than {DEEPEST}")
        if count > MOST_VALUES:
            raise Unreadable(f"it holds more than {MOST_VALUES:,} values")
        if isinstance(value, str):
            return storable(value)
        if isinstance(value, dict):
            return {storable(str(key)): clean(held, depth + 1) for key, held in value.items()}
        if isinstance(value, list):
            return [clean(held, depth + 1) for held in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        # YAML knows dates.
        return str(value)

    return clean(found, 0)


def _zip(name: str, data: bytes) -> list[tuple[str, bytes]]:
    endings = (".json", ".yml", ".yaml")
    try:
        return unpacking.unpacked(name, data, endings=endings, most_files=MOST_FILES, most_bytes=MOST_BYTES)
    except unpacking.NotUnpacked as error:
        raise Unreadable(str(error)) from error
