"""What a visitor is shown of the passages that a reply cites."""

from __future__ import annotations

from typing import Any

from flowbuilder.publishing.models import Sources


def sources_of(citations: list[dict[str, Any]], show: str) -> list[dict[str, Any]]:
    """Those that the reply names by number; where it names none, all that it was written from. Without quotes a
    document stands once."""
    if show == Sources.NONE:
        return []
    cited = [item for item in citations if item.get("cited") is not False]
    if show == Sources.QUOTES:
        return [source(item, str(item.get("quote", ""))) for item in cited]
    documents: dict[str, dict[str, Any]] = {}
    for item in cited:
        documents.setdefault(str(item.get("source")), source(item, ""))
    return list(documents.values())


def source(item: dict[str, Any], text: str) -> dict[str, Any]:
    """Ids, scores and places stay with us."""
    return {
        "number": item.get("number"),
        "name": str(item.get("source", "")),
        "heading": str(item.get("heading", "")) if text else "",
        "text": text,
    }
