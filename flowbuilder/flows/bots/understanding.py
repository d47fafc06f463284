"""Reads a bot's description: what it is to do, and in which language. Rules, no model: it always says the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flowbuilder.flows.bots import cues
from flowbuilder.flows.bots.fields import described


class Answers(StrEnum):
    """What the bot answers with."""

    TEXT = "text"
    RECORD = "record"
    LABEL = "label"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Understanding:
    language: str
    """``en`` or ``zh``: the description's."""
    looks_up: bool = False
    """In documents, before it answers."""
    answers: Answers = Answers.TEXT
    invents: bool = False
    """Its records are made up (mock data), rather than read out of the text that it is given."""
    labels: tuple[str, ...] = ()
    schema: dict[str, Any] | None = field(default=None, hash=False)
    """Of the records, where the description lists their fields."""
    thing: str = ""
    """What a record is of: ``parcel``."""


def understand(description: str) -> Understanding:
    text = description.strip()
    answers = _answers(text)
    record = answers == Answers.RECORD
    return Understanding(
        language="zh" if cues.is_chinese(text) else "en",
        looks_up=cues.first(cues.DOCUMENTS, text) is not None,
        answers=answers,
        invents=record and cues.first(cues.INVENTED, text) is not None,
        labels=labels_in(text) if answers == Answers.LABEL else (),
        schema=described(text) if record else None,
        thing=_thing(text) if record else "",
    )


def _answers(text: str) -> Answers:
    """The kind that is named first: "summarise the records" is a summary, "records with a label" are records."""
    kinds = {
        Answers.RECORD: cues.RECORDS,
        Answers.LABEL: cues.LABELS,
        Answers.SUMMARY: cues.SUMMARIES,
    }
    places = {kind: place for kind, cue in kinds.items() if (place := cues.first(cue, text)) is not None}
    return min(places, key=lambda kind: places[kind]) if places else Answers.TEXT


_INTO = re.compile(
    r"(?:\b(?:into|as|labels?|categories|classes)\b\s*[:：]?|分为|分成|归为|类别[：:是有]?|标签[：:是有]?)\s*(?P<list>[^.;。；\n]+)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|or)\b|,|、|，|/|\band\b|\bor\b|和|与|或|及)\s*")
_TRIM = re.compile(
    r"^(?:either|one of|the|these|following|以下)\s+|(?:等)?[两三四五六七八九十\d]+[类种个]$|[\"'“”‘’()（）]"
)


def labels_in(text: str) -> tuple[str, ...]:
    """The labels that a description lists ("into billing, delivery and returns"); empty where it lists fewer than two."""
    for found in _INTO.finditer(text):
        parts = [_TRIM.sub("", part).strip(" :：") for part in _BETWEEN.split(found["list"])]
        names = tuple(
            dict.fromkeys(part for part in parts if part and len(part.split()) <= 3 and len(part) <= 40)
        )
        if len(names) > 1:
            return names
    return ()


_THING = re.compile(
    r"\b(?P<latin>[a-z][a-z-]*)\s+records?\b|(?P<han>[\u3400-\u9fff]{2,6}?)(?:的)?(?:模拟)?(?:记录|报文)", re.IGNORECASE
)  # fmt: skip
_NO_THING = frozenset("a an the of mock sample json structured test data its their these those one any each every such more valid fake"
                      " 返回 生成 输出 模拟 提取 抽取 一条 结构化".split())  # fmt: skip


def _thing(text: str) -> str:
    for found in _THING.finditer(text):
        word = (found["latin"] or found["han"]).lower()
        if not any(word == no or (found["han"] and no in word) for no in _NO_THING):
            return word
    return ""
