"""A Postman collection as knowledge: folders are headings, each request a section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowbuilder.knowledge.loaders import Unreadable
from flowbuilder.knowledge.loaders.markdown import cell_text, table
from flowbuilder.knowledge.loaders.parsing import parse

DEEPEST = 6


def load(data: bytes, format: str) -> str:
    collection = parse(data, format)
    if not isinstance(collection, dict) or not isinstance(collection.get("item"), list):
        raise Unreadable("It is no Postman collection: it has no list 'item' at its top.")
    info = collection.get("info") or {}
    lead = [f"# {cell_text(info.get('name') or 'Collection')}", _text(info.get("description"))]
    return "\n\n".join(part for part in [*lead, *_items(collection["item"], 2)] if part)


def _items(items: list[Any], level: int) -> Iterator[str]:
    for item in items:
        if not isinstance(item, dict):
            continue
        yield f"{'#' * min(level, DEEPEST)} {cell_text(item.get('name') or 'request')}"
        yield _text(item.get("description"))
        if isinstance(item.get("item"), list):
            yield from _items(item["item"], level + 1)
        elif isinstance(request := item.get("request"), dict):
            yield from _request(request)
            for answer in item.get("response") or []:
                yield _example(
                    f"Response {answer.get('code', '')} {answer.get('name', '')}", answer.get("body")
                )


def _request(request: dict[str, Any]) -> Iterator[str]:
    url = request.get("url")
    address = url.get("raw", "") if isinstance(url, dict) else str(url or "")
    yield f"{request.get('method', 'GET')} {address}"
    yield _text(request.get("description"))
    query = url.get("query") if isinstance(url, dict) else None
    for title, pairs in (("parameter", query), ("header", request.get("header"))):
        if isinstance(pairs, list) and pairs:
            rows = [[pair.get("key"), pair.get("value"), _text(pair.get("description"))] for pair in pairs]
            yield table([[title, "value", "description"], *rows])
    body = request.get("body") or {}
    yield _example("Request body", body.get("raw"))
    form = body.get("formdata") or body.get("urlencoded")
    if form:
        yield table([["field", "value"], *([pair.get("key"), pair.get("value")] for pair in form)])


def _example(title: str, body: Any) -> str:
    return f"{title.strip()}:\n\n```\n{body.strip()}\n```" if isinstance(body, str) and body.strip() else ""


def _text(value: Any) -> str:
    """A description is text, or an object that holds it."""
    return str(value.get("content") or "") if isinstance(value, dict) else str(value or "")
