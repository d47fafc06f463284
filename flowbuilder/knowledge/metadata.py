"""What is known of a document beside its text: typed values by name, which filters look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.changes import note_document
from flowbuilder.knowledge.models import Document

Value = str | int | float | bool | list[str]
NAME = re.compile(r"^[^\W\d][\w .-]{0,49}$")
MOST = 30
LONGEST = 500
MOST_TEXTS = 50
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


def checked(values: Mapping[str, Any]) -> dict[str, Value]:
    for name, value in values.items():
        if not NAME.match(name):
            raise _invalid(
                f"'{name[:60]}' is no name for metadata: a letter, then letters, digits, spaces, _ . or -."
            )
        texts = value if isinstance(value, list) else [value]
        if isinstance(value, list) and (
            len(value) > MOST_TEXTS or not all(isinstance(one, str) for one in value)
        ):
            raise _invalid(f"'{name}' may be a list of up to {MOST_TEXTS} texts.")
        if not all(isinstance(one, str | int | float | bool) for one in texts):
            raise _invalid(f"'{name}' must be a text, a number, true or false, or a list of texts.")
        if any(isinstance(one, str) and len(one) > LONGEST for one in texts):
            raise _invalid(f"'{name}' has more than {LONGEST} characters.")
    return dict(values)


def parse(text: str) -> Value:
    """As a form's single line says it: ``yes`` and ``no``, numbers, and lists with ``;`` between their texts."""
    text = text.strip()
    if text.lower() in {"yes", "true", "是"}:
        return True
    if text.lower() in {"no", "false", "否"}:
        return False
    if NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if ";" in text or "；" in text:
        return [part.strip() for part in re.split("[;；]", text) if part.strip()]
    return text


def change(documents: Iterable[Document], *, put: Mapping[str, Any], remove: Iterable[str] = ()) -> None:
    """All of them or none."""
    put, gone = checked(put), set(remove)
    with transaction.atomic():
        for document in documents:
            kept = {name: value for name, value in document.metadata.items() if name not in gone}
            document.metadata = kept | put
            if len(document.metadata) > MOST:
                raise _invalid(f"'{document.name}' would have more than {MOST} values.")
            document.save(update_fields=["metadata"])
            note_document(document)


def _invalid(why: str) -> ApiError:
    return ApiError("invalid", why, 422)
