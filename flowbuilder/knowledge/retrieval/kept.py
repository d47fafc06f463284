"""Whether people have answered this question before, in these words or others.

Two questions mean the same where they are about the same thing, ask for the same kind of it, and are near each other: "What
does a depot record need?" is as near to "What does a parcel record need?" as a paraphrase is, and another question. What a
question is about is the heading of the base that it shares most with. Where the embedder cannot read them, there is nothing
that knows "needs" from "breaks": they may then differ in words that everybody asks with, and in hardly any other. Thresholds are
calibrated by ``python -m benchmarks.kept_answers``, which tells precision and recall.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flowbuilder.knowledge.models import Passage
from flowbuilder.knowledge.retrieval.asked_for import kind_of
from flowbuilder.knowledge.retrieval.rarity import Rarity, plain
from flowbuilder.knowledge.words import words

NEAR_BY_MEANING = 0.84
"""Cosine at which it is as likely as not that both mean the same."""
NEAR_BY_WORDS = 0.65
"""The same of the weighted cosine of their telling words, where the embedder cannot read them."""
SAID_ALIKE = 0.6
"""And how much of what is said of the thing must be the same words then."""
ALIKE = 0.97
"""And where it can: then so many shared words are enough, whatever it makes of them."""
MORE_SAID = 0.05
"""So much nearer they have to be for each telling word that only one of them says."""
STEEP = 40.0
COMMON = 0.25
"""A word below this weight stands in a good part of the base and tells nothing apart."""
IDENTIFIER = re.compile(r"\d|[a-z0-9]-[a-z0-9]")
ASKED_WITH = frozenset(
    "need needed require required must should has have contain include consist tell list name put field "
    "make give create generate produce write send build invent show want like let please one example sample instance "
    "生成 给 给我 创建 新建 制作 造 编 来 做 出 请 一 一条 条 一个 个 样例 例子 示例 样本 例 "
    "要 应 应该 应当 必须 必填 须 得 需 需要 要求 填 填写 写 些 列 列出 说 说明 告诉 介绍 内容 信息 东西 部分 组成 构成 由 "
    "包含 包括 含 含有 具备 提供 里 里面 中 到底 具体 主要 分别 一般 通常 会 能 可以 该 想 知道 了解 问 字段 字 段".split()
)
"""Words that ask what there is to a thing or order one, and say nothing of it themselves."""


@dataclass(frozen=True)
class Question:
    """A question as it is compared: its words with what each tells, and what it is about."""

    text: str
    weights: dict[str, float]
    about: frozenset[str]
    """The nearest heading; where none is near, the words that name something."""
    identifiers: frozenset[str]
    asks_for: str
    said: dict[str, float]
    """Those of the words that say something of what it is about, with what each tells."""

    @property
    def telling(self) -> dict[str, float]:
        return {word: weight for word, weight in self.weights.items() if word not in ASKED_WITH}

    @classmethod
    def of(cls, text: str, rarity: Rarity) -> Question:
        found = frozenset(plain(word) for word in words(text))
        weights = {word: rarity.weight(word) for word in found}
        about = rarity.subject(found) or frozenset(word for word in found if rarity.names(word))
        return cls(
            " ".join(text.split()).casefold(),
            weights,
            about,
            frozenset(word for word in found if IDENTIFIER.search(word)),
            kind_of(text),
            {word: weights[word] for word in found - about - ASKED_WITH if weights[word] >= COMMON},
        )


@dataclass(frozen=True)
class Likely:
    passage: Passage
    score: float
    """How sure it is that it answers this question, in 0..1."""


def likeliest(
    question: str, known: Iterable[Passage], rarity: Rarity, cosines: dict[int, float] | None
) -> Likely | None:
    """The one of ``known`` that most likely answers the question.

    ``cosines``: passage id -> cosine of both questions; None where the embedder cannot read this one, and one that
    is missing where it cannot read the other.
    """
    asked = rarity.remembered(question, Question.of)
    rated = [
        Likely(
            passage,
            sureness(
                asked, rarity.remembered(passage.question, Question.of), (cosines or {}).get(passage.pk)
            ),
        )
        for passage in known
    ]
    return max(rated, key=lambda one: one.score, default=None)


def sureness(asked: Question, kept: Question, cosine: float | None) -> float:
    """How likely both questions mean the same, in 0..1."""
    if asked.text == kept.text:
        return 1.0
    if (asked.about, asked.identifiers, asked.asks_for) != (kept.about, kept.identifiers, kept.asks_for):
        return 0.0
    shared = weighted_cosine(asked.telling, kept.telling)
    if cosine is None:
        alike = shared_part(asked.said, kept.said)
        return logistic(STEEP * min(shared - NEAR_BY_WORDS, alike - SAID_ALIKE))
    more = sum((asked.said | kept.said)[word] for word in asked.said.keys() ^ kept.said.keys())
    return logistic(STEEP * max(cosine - MORE_SAID * more - NEAR_BY_MEANING, shared - ALIKE))


def weighted_cosine(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """Cosine of two bags of words, each word once and weighted by its rarity, in 0..1 (Salton & Buckley 1988)."""
    lengths = math.sqrt(_squared(ours, ours) * _squared(theirs, theirs))
    return _squared(ours, theirs) / lengths if lengths else 0.0


def shared_part(ours: dict[str, float], theirs: dict[str, float]) -> float:
    """Of what both say, by what it tells (Jaccard 1901, weighted as by Ioffe 2010); all of it where neither says anything."""
    whole = sum((ours | theirs).values())
    return sum(weight for word, weight in ours.items() if word in theirs) / whole if whole else 1.0


def _squared(ours: dict[str, float], theirs: dict[str, float]) -> float:
    return sum(weight**2 for word, weight in ours.items() if word in theirs)


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
