"""Reads a JSON Schema out of a described record: lists of fields, Markdown tables, or names with types in a text.

Where a text describes several records, the one that is asked for is taken: whose heading shares most with the
rest of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nodes.language.clauses import WORDS, bracketed, ruled, type_of, unescaped

ITEM = re.compile(
    r"^(?P<indent>[ \t]*)(?:[-*+•]|\d+[.)])\s+(?P<name>[^:：|]{1,120}?)\s*[:：]\s*(?P<rest>\S.*)$"
)
BARE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<name>`?[a-z]\w*(?:\[\]|\.\w+)*`?)\s*[:：]\s*(?P<rest>\S.*)$", re.ASCII
)
"""A list whose marks a reader of PDF or Word lost: then the line says a type and nothing else before its rules."""
AFTER_TYPE = re.compile(r"\s*(?:$|[(（–—-])")
NAME = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w-]*(?:\[\])?(?:\.[A-Za-z_\u4e00-\u9fff][\w-]*(?:\[\])?)*")
ROW = re.compile(r"^\s*\|(.+)\|\s*$")
RULE_LINE = re.compile(r"[\s:|-]+")
IN_A_SENTENCE = re.compile(rf"`?([A-Za-z_][\w.]*)`?\s*[(（]({WORDS})\b([^)）]*)[)）]", re.IGNORECASE)
COLUMNS = {
    "record": "record 记录 entity",
    "name": "field name 字段 字段名 名称 property",
    "type": "type 类型",
    "required": "required mandatory 必填 必需",
    "rules": "rules rule constraints 规则 约束",
    "about": "description meaning notes 说明 描述 含义",
}
USUAL_COLUMNS = ("name", "type", "required", "rules", "about")
NO = frozenset({"no", "n", "false", "optional", "否", "可选", ""})
HEADING_LINES = 3
LONGEST_QUESTION = 1000
"""Characters. What stands between the last description and the question is no part of it: other passages, mostly."""
WORD = re.compile(r"[a-z0-9]{2,}|[\u4e00-\u9fff]", re.IGNORECASE)


@dataclass
class Described:
    """Fields that stand together, and the lines before them."""

    heading: str
    fields: list[tuple[str, dict[str, Any], bool]] = field(default_factory=list)
    """Path, rule, whether it must be there."""


def schema_of(prompt: str) -> dict[str, Any] | None:
    """An object schema with the fields in their order; None where nothing is described."""
    found, asked = _described(prompt)
    return _object(_nearest(found, asked).fields) if found else _in_sentences(prompt)


def shortened(prompt: str) -> str | None:
    """What is asked, and of its context the fields of the record alone, a line each; None where none are listed.

    Names and types are what a small model goes by; the other rules are held by the schema.
    """
    found, asked = _described(prompt)
    if not found:
        return None
    nearest = _nearest(found, asked)
    title = next((line for line in reversed(nearest.heading.splitlines()) if line.strip()), "")[:200]
    lines = [f"- {path}: {_kind(rule)}" for path, rule, _ in nearest.fields]
    return "\n".join(["Context:", title, "", *lines, "", asked])


def _kind(rule: dict[str, Any]) -> str:
    if "enum" in rule:
        return f"enum (enum: {', '.join(map(str, rule['enum']))})"
    kind = rule.get("format") or rule.get("type", "string")
    return next(each for each in kind if each != "null") if isinstance(kind, list) else str(kind)


def _nearest(found: list[Described], asked: str) -> Described:
    words = _words(asked)
    return max(found, key=lambda each: _nearness(each, words))


def _nearness(described: Described, asked: set[str]) -> tuple[float, float, int]:
    """How much of what is asked its title says, then how much of the title is asked, then the lines below it."""
    lines = described.heading.splitlines() or [""]
    title = _words(next((line for line in reversed(lines) if line.lstrip().startswith("#")), lines[0]))
    shared = len(title & asked)
    return shared, shared / max(len(title), 1), len(_words(described.heading) & asked)


def _described(prompt: str) -> tuple[list[Described], str]:
    """Every description in the text, and what is asked: after the last of them, or else before the first."""
    found: list[Described] = []
    plain: list[str] = []
    columns: tuple[str, ...] = ()
    open_at: list[tuple[int, str]] = []
    since = 0
    for line in prompt.splitlines():
        row = ROW.match(line)
        if row and (named := _columns(row[1])):
            columns = named
            continue
        if row and RULE_LINE.fullmatch(row[1]):
            continue
        if row and (cells := _cells(row[1], columns or USUAL_COLUMNS)):
            _take(found, plain[since:], cells.get("record", ""), _from_cells(cells))
        elif taken := _from_item(line, open_at):
            _take(found, plain[since:], "", taken)
        else:
            if line.strip():
                plain.append(line)
                columns = ()
            continue
        since = len(plain)
    return found, _question(plain[since:] or plain[:1])


def _question(lines: list[str]) -> str:
    """The lines themselves, or as many of the last ones as a question has."""
    kept: list[str] = []
    for line in reversed(lines):
        if kept and sum(map(len, kept)) + len(line) > LONGEST_QUESTION:
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def _take(
    found: list[Described], before: list[str], record: str, taken: tuple[str, dict[str, Any], bool]
) -> None:
    """Adds to the description that is open, or opens one where other text or another record begins."""
    if found and not before and (not record or found[-1].heading == record):
        found[-1].fields.append(taken)
        return
    heading = record or "\n".join(before[-HEADING_LINES:])
    if record and (same := next((each for each in found if each.heading == record), None)):
        same.fields.append(taken)
        return
    found.append(Described(heading, [taken]))


def _from_item(line: str, open_at: list[tuple[int, str]]) -> tuple[str, dict[str, Any], bool] | None:
    """A line of a list; ``open_at`` are the objects that it may stand in, by their indentation."""
    item = ITEM.match(line) or BARE.match(line)
    name = unescaped(item["name"]).strip("`*") if item else ""
    if not item or not NAME.fullmatch(name):
        return None
    typed = type_of(item["rest"])
    if typed is None or (item.re is BARE and not AFTER_TYPE.match(typed[1])):
        return None
    told, about = bracketed(typed[1])
    indent = len(item["indent"].expandtabs(4))
    while open_at and open_at[-1][0] >= indent:
        open_at.pop()
    path = f"{open_at[-1][1]}.{name}" if open_at else name
    rule, required = ruled(typed[0], told)
    if rule["type"] == "object" or rule.get("items", {}).get("type") == "object":
        open_at.append((indent, path))
    return path, _with_description(rule, about), required


def _columns(row: str) -> tuple[str, ...]:
    names = [cell.strip().strip("*").lower() for cell in row.split("|")]
    told = [
        next((column for column, words in COLUMNS.items() if name in words.split()), "") for name in names
    ]
    return tuple(told) if {"name", "type"} <= set(told) else ()


def _cells(row: str, columns: tuple[str, ...]) -> dict[str, str]:
    """A row's cells by column; empty where it is no field's."""
    parts = [part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", row)]
    cells = dict(zip(columns, parts, strict=False))
    name = unescaped(cells.get("name", "")).strip("`*")
    if not NAME.fullmatch(name) or type_of(cells.get("type", "")) is None:
        return {}
    return {**cells, "name": name}


def _from_cells(cells: dict[str, str]) -> tuple[str, dict[str, Any], bool]:
    typed = type_of(cells["type"])
    assert typed  # noqa: S101  _cells saw it
    told, _ = bracketed(typed[1])
    rule, required = ruled(
        typed[0], "; ".join(part for part in (told, cells.get("rules", "")) if part.strip(" –-"))
    )
    if "required" in cells:
        required = cells["required"].strip().lower() not in NO
    return cells["name"], _with_description(rule, cells.get("about", "")), required


def _with_description(rule: dict[str, Any], about: str) -> dict[str, Any]:
    about = about.strip().lstrip("–—-:：").strip()
    return {**rule, "description": about} if about else rule


def _object(fields: list[tuple[str, dict[str, Any], bool]]) -> dict[str, Any]:
    whole = _closed({"type": "object"})
    for path, rule, required in fields:
        within = whole
        *outer, name = path.replace("[]", "").split(".")
        for step in outer:
            inner = within["properties"].setdefault(step, _closed({"type": "object"}))
            if step not in within["required"] and "type" not in inner:
                within["required"].append(step)
            inner = inner["items"] if "items" in inner else inner
            within = _closed(inner)
        within["properties"][name] = rule
        if required and name not in within["required"]:
            within["required"].append(name)
    return whole


def _closed(rule: dict[str, Any]) -> dict[str, Any]:
    rule.setdefault("properties", {})
    rule.setdefault("required", [])
    rule.setdefault("additionalProperties", False)
    return rule


def _in_sentences(prompt: str) -> dict[str, Any] | None:
    """``parcel_id (string), weight_kg (number)`` in running text, of the sentence that is nearest to what is asked."""
    sentences = [each for each in re.split(r"(?<=[.。!?！？])\s+|\n", prompt) if IN_A_SENTENCE.search(each)]
    if not sentences:
        return None
    asked = _words("\n".join(line for line in prompt.splitlines() if not IN_A_SENTENCE.search(line)))
    best = max(sentences, key=lambda sentence: len(_words(IN_A_SENTENCE.sub("", sentence)) & asked))
    return _object(list(_typed_names(best)))


def _typed_names(sentence: str) -> Iterator[tuple[str, dict[str, Any], bool]]:
    for name, kind, told in IN_A_SENTENCE.findall(sentence):
        typed = type_of(kind)
        if typed:
            rule, required = ruled(typed[0], told.lstrip(" ,:;，：；"))
            yield name, rule, required


def _words(text: str) -> set[str]:
    return {word.lower().removesuffix("s") for word in WORD.findall(text)}
