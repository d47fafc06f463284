"""What nodes are called and say of themselves, in the reader's language: their classes are written in English."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext

SHOWN = ("title", "description")


def in_language(description: dict[str, Any]) -> dict[str, Any]:
    """What ``Catalogue.describe`` gives of a node, as the reader reads it."""
    if get_language() in {None, "en"}:
        return description
    schema = description["settings_schema"]
    # The schema of all settings has the class's name and whole docstring, which are shown nowhere.
    settings = {key: value if key in SHOWN else translated(value) for key, value in schema.items()}
    return {**translated(description), "settings_schema": settings}


def translated(value: Any) -> Any:
    if isinstance(value, list):
        return [translated(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: gettext(item) if key in SHOWN and isinstance(item, str) and item else translated(item)
        for key, item in value.items()
    }


def texts_of(description: dict[str, Any]) -> Iterator[str]:
    """All that ``in_language`` would look up."""
    schema = description["settings_schema"]
    yield from looked_up(
        {**description, "settings_schema": [schema[key] for key in schema if key not in SHOWN]}
    )


def looked_up(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from looked_up(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in SHOWN and isinstance(item, str):
                yield item
            else:
                yield from looked_up(item)
