"""Headers of other builders' requests: those that sign in say how, and their values are kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flowbuilder.importing.texts import plain

SIGNS_IN = re.compile(r"authorization|key|token|cookie", re.IGNORECASE)
NAME = re.compile(r"[\x21-\x7e]{1,200}")
AUTH_NAME = re.compile(r"[\w.@-]{1,100}")


def headers_of(said: Any) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Headers without those that sign in, and how these did: settings ``auth`` and ``auth_name``."""
    if isinstance(said, list):
        rows = [row for row in said if isinstance(row, dict) and row.get("key")]
        found: Mapping[str, Any] = {str(row["key"]): row.get("value") for row in rows}
    else:
        found = said if isinstance(said, Mapping) else {}
    pairs: list[dict[str, str]] = []
    auth: dict[str, str] = {}
    for name, value in found.items():
        if SIGNS_IN.search(str(name)):
            auth = auth or way_in(str(name), str(value))
        elif NAME.fullmatch(str(name)):
            pairs.append({"name": str(name), "value": plain(str(value))[:8000]})
    return pairs[:50], auth


def way_in(name: str, value: str) -> dict[str, str]:
    """How a header signs in: by a bearer token, a password, or a key under its own name."""
    kind = value.strip().partition(" ")[0].lower() if name.lower() == "authorization" else ""
    if kind in {"bearer", "basic"}:
        return {"auth": kind}
    return {"auth": "header", "auth_name": name if AUTH_NAME.fullmatch(name) else ""}
