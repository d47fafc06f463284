"""A field's type and rules in words, as the README lists them."""

from collections.abc import Iterator

from examples.protocol.source.shapes import Field, Language, Record

CHINESE_TYPES = {
    "string": "字符串",
    "integer": "整数",
    "number": "数字",
    "boolean": "布尔",
    "date": "日期",
    "date-time": "日期时间",
    "time": "时间",
    "email": "邮箱",
    "uuid": "UUID",
    "uri": "网址",
    "enum": "枚举",
    "object": "对象",
}
CHINESE_UNITS = {
    "euros": "欧元",
    "cents": "欧分",
    "days": "天",
    "hours": "小时",
    "minutes": "分钟",
    "seconds": "秒",
    "metres": "米",
    "litres": "升",
    "degrees": "度",
    "percent": "%",
    "pixels": "像素",
    "parcels": "件",
}


def type_of(field: Field, language: Language) -> str:
    if language == "en":
        return f"array of {field.type}" if field.array else field.type
    return CHINESE_TYPES[field.type] + ("数组" if field.array else "")


def clauses(field: Field, language: Language, *, backticks: bool = False) -> list[str]:
    """Without ``optional``, which tables say in a column of its own."""
    said = _english(field, backticks) if language == "en" else _chinese(field, backticks)
    return [clause for clause in said if clause]


def _english(field: Field, backticks: bool) -> Iterator[str]:
    rules = field.rules
    yield rules.enum and "enum: " + ", ".join(rules.enum)
    yield rules.always and f"always {rules.always}"
    yield _span(rules.low, rules.high, "{} to {}", "at least {}", "at most {}")
    yield rules.multiple and f"multiple of {rules.multiple}"
    if rules.shortest and rules.shortest == rules.longest:
        yield f"{rules.longest} characters"
    else:
        yield _span(rules.shortest, rules.longest, "{} to {} characters", "", "at most {} characters")
    yield rules.pattern and "pattern " + _marked(rules.pattern, backticks)
    yield _span(rules.fewest, rules.most, "{} to {} items", "", "at most {} items")
    yield rules.unique and "unique items"
    yield rules.nullable and "nullable"
    yield rules.unit and f"in {rules.unit}"


def _chinese(field: Field, backticks: bool) -> Iterator[str]:
    rules = field.rules
    yield rules.enum and "枚举：" + "、".join(rules.enum)
    yield rules.always and f"固定为 {rules.always}"
    yield _span(rules.low, rules.high, "{} 至 {}", "不小于 {}", "不大于 {}")
    yield rules.multiple and f"{rules.multiple} 的倍数"
    if rules.shortest and rules.shortest == rules.longest:
        yield f"{rules.longest} 个字符"
    else:
        yield _span(rules.shortest, rules.longest, "{} 至 {} 个字符", "", "最多 {} 个字符")
    yield rules.pattern and "格式 " + _marked(rules.pattern, backticks)
    yield _span(rules.fewest, rules.most, "{} 至 {} 项", "", "最多 {} 项")
    yield rules.unique and "不重复"
    yield rules.nullable and "可为空"
    yield rules.unit and f"单位 {CHINESE_UNITS.get(rules.unit, rules.unit)}"


def _span(low: object, high: object, both: str, lowest: str, highest: str) -> str:
    if low not in ("", None) and high not in ("", None):
        return both.format(low, high)
    if low not in ("", None):
        return lowest.format(low)
    return highest.format(high) if high not in ("", None) else ""


def _marked(pattern: str, backticks: bool) -> str:
    return f"`{pattern}`" if backticks else pattern


def line(field: Field, name: str, language: Language, *, backticks: bool) -> str:
    """``weight_kg: number (0.01 to 70; in kg) – Weight on the scale.``"""
    said = clauses(field, language, backticks=backticks)
    if field.rules.optional:
        said.append("optional" if language == "en" else "可选")
    if language == "en":
        told = " (" + "; ".join(said) + ")" if said else ""
        return f"{name}: {type_of(field, language)}{told} – {field.description.en}"
    told = "（" + "；".join(said) + "）" if said else ""
    return f"{name}：{type_of(field, language)}{told} – {field.description.zh}"


def rows(record: Record, language: Language) -> Iterator[list[str]]:
    """The table's: name, type, required, rules, description."""
    for field in record.fields:
        yield _row(field, field.name, language)
        for inner in field.fields:
            yield _row(inner, f"{field.name}{'[]' if field.array else ''}.{inner.name}", language)


def _row(field: Field, name: str, language: Language) -> list[str]:
    required = {"en": ("yes", "no"), "zh": ("是", "否")}[language][field.rules.optional]
    joined = {"en": "; ", "zh": "；"}[language].join(clauses(field, language))
    return [name, type_of(field, language), required, joined, field.description.of(language)]
