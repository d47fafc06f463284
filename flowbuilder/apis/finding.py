"""Which operation a question is about: the one that says most of its words, rare words first (BM25's idf)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import rjieba

from flowbuilder.apis.models import Operation

WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
VERBS = {
    "GET": "get show read give find list fetch look what which 查询 查 获取 查看 显示",
    "POST": "create add new make send register report 创建 新建 新增 添加 提交 上报",
    "PUT": "replace update set change 更新 修改 替换",
    "PATCH": "update change edit modify 更新 修改",
    "DELETE": "delete remove cancel 删除 取消 移除",
}
USUAL = frozenset(
    "the a an of for to in on with and or is are me please record mock response answer one api 的 了 请 一个 一条 返回 给我".split()
)


def nearest(operations: Iterable[Operation], question: str, limit: int = 1) -> list[Operation]:
    """The operations that fit best, best first; none where no word is shared."""
    listed = list(operations)
    asked = [word for word in words(question) if word not in USUAL]
    told = [words_of(operation) for operation in listed]
    count = Counter(word for each in told for word in each)
    scored = [
        (_score(asked, each, count, len(listed)), -len(operation.path), operation)
        for each, operation in zip(told, listed, strict=True)
    ]
    best = sorted((each for each in scored if each[0] > 0), key=lambda each: each[:2], reverse=True)
    return [operation for _, _, operation in best[:limit]]


def words_of(operation: Operation) -> set[str]:
    texts = [
        operation.summary,
        operation.operation_id,
        operation.path.replace("{", " ").replace("}", " "),
        *operation.tags,
    ]
    return {word for text in texts for word in words(text)} | {f"!{operation.method}"}


def words(text: str) -> list[str]:
    found: list[str] = []
    for part in WORD.findall(CAMEL.sub(" ", text)):
        found += rjieba.cut(part) if not part.isascii() else [_stem(part.lower())]
    return found


def _stem(word: str) -> str:
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s") if len(word) > 3 else word


def _score(asked: Sequence[str], told: set[str], count: Counter[str], total: int) -> float:
    shared = {word for word in asked if word in told}
    if not shared:
        return 0
    score = sum(math.log(1 + (total - count[word] + 0.5) / (count[word] + 0.5)) for word in shared)
    method = next(word[1:] for word in told if word.startswith("!"))
    meant = {_stem(word) for word in VERBS.get(method, "").split()}
    # A verb decides between operations of one thing, never between things.
    return score + (0.5 if meant & set(asked) else 0.25 if method == "GET" else 0)
