"""What nodes are called and say of themselves, in the reader's language: their classes are written in English."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language, gettext

SHOWN = ("title", "category", "description")


def in_language(description: dict[str, Any]) -> dict[str, Any]:
    """What ``Catalogue.describe`` gives of a node, as the reader reads it."""
    return description if get_language() in {None, "en"} else translated(description)


def translated(value: Any) -> Any:
    if isinstance(value, list):
        return [translated(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: gettext(item) if key in SHOWN and isinstance(item, str) and item else translated(item)
        for key, item in value.items()
    }


def texts_of(value: Any) -> Iterator[str]:
    """All that ``translated`` would look up."""
    if isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in SHOWN and isinstance(item, str):
                yield item
            else:
                yield from texts_of(item)
