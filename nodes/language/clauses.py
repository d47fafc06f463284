"""What stands beside a field's name, its type and its rules, in English or Chinese, as JSON Schema.

The words are those of ``examples/protocol/README.md``, and those that people write in their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

TYPES: dict[str, dict[str, Any]] = {}
for names, rule in (
    ("string text str 字符串 文本 文字", {"type": "string"}),
    ("integer int 整数 整型", {"type": "integer"}),
    ("number float decimal double 数字 数值 小数 浮点数", {"type": "number"}),
    ("boolean bool 布尔 布尔值", {"type": "boolean"}),
    ("date 日期", {"type": "string", "format": "date"}),
    ("date-time datetime timestamp 日期时间 时间戳", {"type": "string", "format": "date-time"}),
    ("time 时间", {"type": "string", "format": "time"}),
    ("duration 时长", {"type": "string", "format": "duration"}),
    ("email 邮箱", {"type": "string", "format": "email"}),
    ("uuid", {"type": "string", "format": "uuid"}),
    ("uri url 网址", {"type": "string", "format": "uri"}),
    ("ipv4", {"type": "string", "format": "ipv4"}),
    ("ipv6", {"type": "string", "format": "ipv6"}),
    ("enum 枚举", {"type": "string"}),
    ("object 对象", {"type": "object"}),
):
    TYPES |= dict.fromkeys(names.split(), rule)
WORDS = "|".join(sorted(map(re.escape, TYPES), key=len, reverse=True))
TYPE = re.compile(
    rf"\s*`?(?:(?P<of>array|list)\s+of\s+(?P<inner>{WORDS})s?|(?P<named>{WORDS})(?P<many>\[\]|数组|列表)?)`?(?![\w-])",
    re.IGNORECASE,
)
NUMBER = r"(-?\d+(?:\.\d+)?)"
ESCAPED = re.compile(r"\\([_\[\]{}()*#+!|<>~-])")
"""What Markdown writers escape in names and, outside of backticks, in patterns."""
BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
ABOUT_ITEMS = BOUNDS | {"enum", "const", "minLength", "maxLength", "pattern"}


def type_of(text: str) -> tuple[dict[str, Any], str] | None:
    """The type that the text begins with, and what follows it; None where it begins with none."""
    found = TYPE.match(text)
    if not found:
        return None
    base = dict(TYPES[(found["inner"] or found["named"]).lower()])
    rule = {"type": "array", "items": base} if found["of"] or found["many"] else base
    return rule, text[found.end() :]


def rule_of(kind: str, clauses: str = "") -> dict[str, Any]:
    """The rule of a type by its name, with its clauses."""
    return ruled(dict(TYPES[kind]), clauses)[0]


def bracketed(text: str) -> tuple[str, str]:
    """What stands in brackets at the text's beginning, and what follows them; backticks hide brackets."""
    text = text.strip()
    if text[:1] not in {"(", "（"}:
        return "", text
    depth, quoted = 0, False
    for position, letter in enumerate(text):
        if letter == "`":
            quoted = not quoted
        elif not quoted:
            depth += (letter in "(（") - (letter in ")）")
            if depth == 0:
                return text[1:position], text[position + 1 :]
    return text[1:], ""


def unescaped(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def ruled(rule: dict[str, Any], told: str) -> tuple[dict[str, Any], bool]:
    """The type's rule with its clauses, and whether the field must be there."""
    rules: dict[str, Any] = {}
    required = True
    for clause in _parted(told):
        if re.fullmatch(r"optional|可选|选填", clause, re.IGNORECASE):
            required = False
        elif re.fullmatch(r"required|mandatory|必填|必需", clause, re.IGNORECASE):
            continue
        else:
            rules |= _clause(clause)
    nullable = rules.pop("nullable", False)
    if rules.keys() & {"maxLength"}:
        rules.setdefault("minLength", 1)
    inner = rule["items"] if rule["type"] == "array" else rule
    named = {name: value for name, value in rules.items() if name in ABOUT_ITEMS}
    inner |= {name: _typed(name, value, inner) for name, value in named.items()}
    if inner["type"] == "string" and inner.keys() == {"type"}:
        inner["minLength"] = 1
    rule |= {name: value for name, value in rules.items() if name not in ABOUT_ITEMS}
    if nullable:
        rule["type"] = [rule["type"], "null"]
        if "enum" in rule:
            rule["enum"] = [*rule["enum"], None]
    return rule, required


def _parted(told: str) -> list[str]:
    """Clauses; a legacy list of values in brackets is one clause."""
    parts = re.findall(r"(?:`[^`]*`|[^;；`])+", told)
    return [
        part.strip(" .。") if not part.strip().startswith("`") else part.strip()
        for part in parts
        if part.strip()
    ]


def _clause(clause: str) -> dict[str, Any]:
    for shape, read in CLAUSES:
        if found := re.fullmatch(shape, clause, re.IGNORECASE | re.DOTALL):
            return read(*found.groups())
    return {}


def _enum(listed: str) -> dict[str, Any]:
    values = [unescaped(value.strip(" `\"'“”")) for value in re.split(r"[,，、|]", listed)]
    return {"enum": [value for value in values if value]}


def _pattern(written: str) -> dict[str, Any]:
    written = written.strip()
    quoted = written.startswith("`") and written.endswith("`")
    pattern = written.strip("`") if quoted else unescaped(written)
    try:
        re.compile(pattern)
    except re.error:
        return {}
    return {"pattern": pattern}


CLAUSES: tuple[tuple[str, Callable[..., dict[str, Any]]], ...] = (
    (r"(?:enum|one of|枚举|取值)\s*[:：]?\s*(.+)", _enum),
    (r"(?:always|固定为)\s*[:：]?\s*`?(.+?)`?", lambda value: {"const": value}),
    (r"(?:pattern|格式|正则)\s*[:：]?\s*(.+)", _pattern),
    (rf"{NUMBER}\s*(?:to|至|到|–|~)\s*{NUMBER}\s*(?:characters|个字符|字符|个字)", lambda a, b: {"minLength": int(a), "maxLength": int(b)}),
    (rf"(?:at most|最多|不超过)\s*{NUMBER}\s*(?:characters|个字符|字符|个字)", lambda a: {"maxLength": int(a)}),
    (rf"(?:at least|至少)\s*{NUMBER}\s*(?:characters|个字符|字符|个字)", lambda a: {"minLength": int(a)}),
    (rf"{NUMBER}\s*(?:characters|个字符|字符|个字)", lambda a: {"minLength": int(a), "maxLength": int(a)}),
    (rf"{NUMBER}\s*(?:to|至|到|–|~)\s*{NUMBER}\s*(?:items|项|个元素)", lambda a, b: {"minItems": int(a), "maxItems": int(b)}),
    (rf"(?:at most|最多|不超过)\s*{NUMBER}\s*(?:items|项|个元素)", lambda a: {"maxItems": int(a)}),
    (rf"(?:at least|至少)\s*{NUMBER}\s*(?:items|项|个元素)", lambda a: {"minItems": int(a)}),
    (rf"{NUMBER}\s*(?:items|项|个元素)", lambda a: {"minItems": int(a), "maxItems": int(a)}),
    (r"unique items|unique|不重复", lambda: {"uniqueItems": True}),
    (r"nullable|可为空|可空", lambda: {"nullable": True}),
    (rf"{NUMBER}\s*(?:to|至|到|–|~)\s*{NUMBER}", lambda a, b: {"minimum": a, "maximum": b}),
    (rf"(?:at least|minimum|min|不小于|至少|>=|≥)\s*{NUMBER}", lambda a: {"minimum": a}),
    (rf"(?:at most|maximum|max|不大于|最多|<=|≤)\s*{NUMBER}", lambda a: {"maximum": a}),
    (rf"(?:more than|above|大于|>)\s*{NUMBER}", lambda a: {"exclusiveMinimum": a}),
    (rf"(?:less than|below|小于|<)\s*{NUMBER}", lambda a: {"exclusiveMaximum": a}),
    (rf"multiple of\s*{NUMBER}", lambda a: {"multipleOf": a}),
    (rf"{NUMBER}\s*的倍数", lambda a: {"multipleOf": a}),
    (r"(?:in|单位)\s+\S.*", lambda: {}),
    (r"([^:：]+(?:[,，、|][^:：]+)+)", _enum),
)  # fmt: skip


def _typed(name: str, value: Any, rule: dict[str, Any]) -> Any:
    """A number as it was written, as the type has it."""
    if name == "enum" and rule["type"] in {"integer", "number"}:
        return [_number(each, rule["type"]) for each in value]
    if name == "const":
        if rule["type"] == "boolean":
            return value.strip().lower() in {"true", "是"}
        return _number(value, rule["type"]) if rule["type"] in {"integer", "number"} else value.strip()
    if name in BOUNDS:
        return _number(value, rule["type"])
    return value


def _number(written: str, kind: str) -> float | int | str:
    try:
        return int(written) if kind == "integer" else float(written)
    except ValueError:
        return written
