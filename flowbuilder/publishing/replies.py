"""Replies that are data and not words."""

from __future__ import annotations

import json
from typing import Any


def as_json(reply: str) -> Any:
    """The object or list that a reply is; None where it is prose."""
    if reply.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        return json.loads(reply)
    except (ValueError, RecursionError):
        return None
