"""Words that tell what a bot is for, in English and Chinese, and whether somebody says them or rules them out."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT = re.compile(
    r"(?:\b(?:no|not|never|without|instead of|rather than)\b|n't\b)(?:\W+\w+){0,3}?\W*$"
    r"|(?:不需要|不要|不用|无需|不必|没有|不含|不是|不)[^，。；,.;]{0,4}$",
    re.IGNORECASE,
)
"""Right before a cue: it is ruled out."""


def _cue(latin: str, han: str) -> re.Pattern[str]:
    """Latin words whole, Chinese ones anywhere: Chinese has no spaces to tell where a word ends."""
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{latin})(?![A-Za-z0-9_])|{han}", re.IGNORECASE)


DOCUMENTS = _cue(
    r"documents?|documentation|protocols?|manuals?|handbooks?|knowledge|faqs?|polic(?:y|ies)|guidelines?|guides?|"
    r"specifications?|specs?|files?|pdfs?|wikis?|contracts?|looks? (?:\w+ )?up|cit(?:e|es|ing)|according to",
    "文档|文件|资料|知识库|手册|协议|规范|说明书|制度|政策|条例|合同|查阅|检索|查找|引用",
)
RECORDS = _cue(
    r"json|records?|mock(?: data)?|structured|schemas?|fields?|extract\w*|payloads?|test data",
    "记录|模拟数据|结构化|字段|提取|抽取|报文|测试数据",
)
LABELS = _cue(
    r"classif\w+|categori[sz]\w+|categor(?:y|ies)|label(?:s|l?ed|l?ing)?|sentiments?|spam|triag\w+|intents?",
    "分类|归类|分为|分成|类别|标签|情感|意图|打标",
)
SUMMARIES = _cue(r"summar(?:y|ies|i[sz]\w+)|digests?|condens\w+|key points", "摘要|总结|概括|概述|归纳|要点")
INVENTED = _cue(
    r"mock(?: data)?|samples?|fake|generat\w+|test data|made[- ]up", "模拟|生成|测试数据|样例|示例数据"
)
"""Records that the bot makes up, rather than reads out of a text."""


def is_chinese(text: str) -> bool:
    """Whether it is written in Chinese; terms of the other language may stand in it."""
    return len(_HAN.findall(text)) > len(re.findall(r"[A-Za-z]+", text))


def first(cue: re.Pattern[str], text: str) -> int | None:
    """Where the text first says it and does not rule it out; None where it never does."""
    for found in cue.finditer(text):
        sentence = re.split(r"[.;!?。；！？\n]", text[: found.start()])[-1]
        if not _NOT.search(sentence):
            return found.start()
    return None
