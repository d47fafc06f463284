"""A Postman collection (format 2.0 or 2.1): its requests, and the answers that were saved with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flowbuilder.apis.importing.assembling import Request, document_of, json_in, templated
from flowbuilder.apis.importing.refusal import Refused

METHODS = frozenset("GET PUT POST DELETE OPTIONS HEAD PATCH TRACE".split())


def converted(collection: dict[str, Any]) -> dict[str, Any]:
    requests = list(_requests(collection.get("item"), "item"))
    if not requests:
        raise Refused("The collection holds no requests.", "item")
    info = collection.get("info") or {}
    return document_of(str(info.get("name", "")), requests, _text(info.get("description")))


def fault_in(collection: dict[str, Any]) -> Refused:
    """The first request that cannot be read."""
    return Refused("It is not written as Postman's collections are.", _place(collection.get("item"), "item"))


def _place(items: Any, place: str) -> str:
    for position, item in enumerate(items if isinstance(items, list) else []):
        here = f"{place}.{position}"
        if isinstance(item, dict) and "item" in item:
            if found := _place(item["item"], f"{here}.item"):
                return found
        elif not _is_read(item, here):
            return here
    return ""


def _is_read(item: Any, place: str) -> bool:
    try:
        list(_requests([item], place))
    except (AttributeError, KeyError, TypeError, ValueError, Refused):
        return False
    return True


def _requests(items: Any, place: str) -> Iterator[Request]:
    if not isinstance(items, list):
        raise Refused("Here a list of requests and folders belongs.", place)
    for position, item in enumerate(items):
        here = f"{place}.{position}"
        if not isinstance(item, dict):
            raise Refused("Here a request or a folder belongs.", here)
        if "item" in item:
            yield from _requests(item["item"], f"{here}.item")
        elif "request" in item:
            yield _request(item, f"{here}.request")


def _request(item: dict[str, Any], place: str) -> Request:
    told = item["request"]
    told = {"url": told, "method": "GET"} if isinstance(told, str) else told
    if not isinstance(told, dict):
        raise Refused("A request is an address or an object.", place)
    method = str(told.get("method", "GET")).upper()
    if method not in METHODS:
        raise Refused(f"'{method[:20]}' is no method of HTTP.", f"{place}.method")
    path, query = _address(told.get("url"), f"{place}.url")
    body, kind = _body(told.get("body"))
    answers: dict[str, list[Any]] = {}
    for response in item.get("response") or []:
        if isinstance(response, dict) and str(response.get("code", "")).isdecimal():
            given = json_in(response.get("body"))
            answers.setdefault(str(response["code"]), []).extend([] if given is None else [given])
    return Request(
        method=method,
        path=path,
        name=str(item.get("name", "")),
        description=_text(told.get("description")),
        body=body,
        body_type=kind,
        query=query,
        answers=answers,
    )


def _address(url: Any, place: str) -> tuple[str, dict[str, str]]:
    if isinstance(url, dict) and isinstance(url.get("path"), list):
        steps = [step if isinstance(step, str) else str(step.get("value", "")) for step in url["path"]]
        listed = [each for each in url.get("query") or [] if isinstance(each, dict) and each.get("key")]
        return templated("/".join(steps)), {str(each["key"]): str(each.get("value") or "") for each in listed}
    raw = url.get("raw") if isinstance(url, dict) else url
    if not isinstance(raw, str):
        raise Refused("The request has no address.", place)
    raw = raw.split("}}", 1)[1] if raw.startswith("{{") and "}}" in raw else raw
    parts = urlsplit(raw)
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    return templated(parts.path), {name: value for name, _, value in pairs}


def _body(body: Any) -> tuple[Any, str]:
    if not isinstance(body, dict):
        return None, ""
    mode = body.get("mode")
    if mode == "raw":
        return json_in(body.get("raw")), "application/json"
    if mode in {"urlencoded", "formdata"}:
        fields = [each for each in body.get(mode) or [] if isinstance(each, dict) and each.get("key")]
        kind = "application/x-www-form-urlencoded" if mode == "urlencoded" else "multipart/form-data"
        return {str(each["key"]): str(each.get("value") or "") for each in fields} or None, kind
    return None, ""


def _text(described: Any) -> str:
    return str(described.get("content", "")) if isinstance(described, dict) else str(described or "")
