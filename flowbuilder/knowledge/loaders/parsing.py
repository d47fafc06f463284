"""JSON, JSON Lines and YAML into values; the error names the line."""

from __future__ import annotations

import json
from typing import Any

from flowbuilder.knowledge.loaders import Unreadable, plain


def parse(data: bytes, format: str) -> Any:
    """``format``: json, jsonl (a list of its lines) or yaml; anything else is JSON or else YAML."""
    text = plain.load(data, format)
    if format == "jsonl":
        return [_json(line, number) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if format == "json" or text.lstrip()[:1] in {"{", "["}:
        return _json(text)
    return _yaml(text)


def _json(text: str, line: int = 0) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"It is not JSON: line {line or error.lineno}, {error.msg}.") from error


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise Unreadable(f"It is not YAML{where}.") from error
