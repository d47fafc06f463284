"""Fields of a record as a description lists them, with the type that each one's name tells."""

from __future__ import annotations

import re
from typing import Any

from nodes.language.clauses import rule_of
from nodes.language.fields import schema_of

_SAID = re.compile(
    r"(?<![A-Za-z])(?:fields?|columns?|keys|properties)(?:\s+(?:are|is|named|called))?\s*[:：]?\s+(?P<latin>[^.;。；\n]+)"
    r"|(?:字段|属性|列)(?:包括|包含|有|为|是|：|:)+\s*(?P<han>[^。；\n]+)",
    re.IGNORECASE,
)
_WITH = re.compile(r"\b(?:with|containing|having)\s+(?P<latin>[^.;\n]+)", re.IGNORECASE)
_SNAKE = re.compile(r"(?<![A-Za-z0-9_])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![A-Za-z0-9_])")
_BETWEEN = re.compile(r"\s*(?:,|、|，|/|\band\b|\bor\b|和|与|及|以及)\s*")
_NAME = re.compile(r"(?:[A-Za-z_]\w*|[\u3400-\u9fff]{1,12})")
_MANY = 40
_NAMES = (
    ("boolean", r"^(?:is|has|can)_|^是否|fragile|active|enabled"),
    ("date-time", r"_at$|time$|timestamp$|时间$"),
    ("date", r"date$|_on$|birthday$|日期$|生日$"),
    ("integer", r"count$|quantity$|^number_of|(?:^|_)(?:age|year|stops|floor)$|数量$|个数$|件数$|次数$|年龄$"),
    ("number", r"_(?:kg|g|m|cm|km|l|eur|usd|pct|percent)$|price|amount|weight|temperature|^lat|^lon|score|金额|价格|重量|温度|分数|单价"),
)  # fmt: skip


def described(text: str) -> dict[str, Any] | None:
    """A JSON Schema of the fields that the text lists; None where it lists none."""
    if schema := schema_of(text):
        return schema
    names = list(dict.fromkeys([*_listed(text), *_with(text), *_SNAKE.findall(text)]))[:_MANY]
    if not names:
        return None
    return {
        "type": "object",
        "properties": {name: rule_of(type_of(name)) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _listed(text: str) -> list[str]:
    """Names behind "fields:"."""
    lists = [_names(found["latin"] or found["han"]) for found in _SAID.finditer(text)]
    return [name for names in lists if len(names) > 1 for name in names]


def _with(text: str) -> list[str]:
    """Names behind "with", where one of them is written as only a field is: ``with parcel_id and status``."""
    lists = [_names(found["latin"]) for found in _WITH.finditer(text)]
    return [name for names in lists if any(map(_SNAKE.fullmatch, names)) for name in names]


def _names(listed: str) -> list[str]:
    """The list ends at the first part that is no name."""
    names: list[str] = []
    for part in filter(None, (part.strip() for part in _BETWEEN.split(listed))):
        if _NAME.fullmatch(part) is None:
            break
        names.append(part)
    return names


def type_of(name: str) -> str:
    return next((kind for kind, pattern in _NAMES if re.search(pattern, name, re.IGNORECASE)), "string")


def as_lines(schema: dict[str, Any]) -> str:
    """As the shipped model was taught to read them, and as the structured node reads a schema out of a prompt."""
    return "\n".join(f"- {name}: {_words(rule)}" for name, rule in schema["properties"].items())


def _words(rule: dict[str, Any]) -> str:
    if choices := rule.get("enum"):
        return f"enum (enum: {', '.join(str(choice) for choice in choices if choice is not None)})"
    kind = rule.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return f"array of {_words(rule['items'])}"
    return str(rule.get("format") or kind)
