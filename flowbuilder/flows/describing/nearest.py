"""Which templates are about what somebody wants, by their words: as examples for a model, or as the draft itself.

Words count by how rare they are among the templates (inverse document frequency; Spärck Jones 1972, "A statistical
interpretation of term specificity and its application in retrieval").
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flowbuilder.engine.catalogue import describe
from flowbuilder.flows.gallery import Template
from flowbuilder.flows.nodes import catalogue

IDLE = frozenset(
    "a an and are as at be bot build by can create do does draw each every flow for from get give gives give has have i in into is it its "
    "make makes me my of on one or please should so some take takes that the their them then this to use uses user users want we what when "
    "which who will with workflow would you your answer answers node nodes reply start text question".split()
)
CHINESE = {
    "分类|归类|类别|标签": "classify label",
    "总结|摘要|概括": "summarise summary",
    "翻译": "translate",
    "审批|批准|人工|审核": "approval human",
    "定时|每天|每周|计划": "schedule",
    "循环|逐个|逐条|每一个": "each loop",
    "重复|直到": "repeat until",
    "如果|条件|否则|判断": "condition branch",
    "智能体|代理": "agent tools",
    "工具": "tools",
    "计算": "calculator",
    "记忆|记住|历史": "memory conversation",
    "知识库|文档|资料|协议|手册": "documents knowledge retrieve",
    "记录|模拟数据|字段": "record mock json",
    "训练|微调": "train fine tune",
    "奖励|打分|评分": "reward score",
    "偏好|对比": "preferences pairs",
    "强化学习|人类反馈": "rlhf reward reinforcement",
    "评估|评测": "evaluate",
    "数据集": "dataset",
    "接口": "api operation request",
    "表格": "table csv",
    "邮件": "mail",
    "网页": "web page",
    "代码": "code",
    "表单": "form",
    "最好|最佳|挑选": "best pick",
    "问候|你好": "hello greeting",
}
"""What the gallery calls in English what somebody says in Chinese."""


HAN_A_TERM = 5


@dataclass(frozen=True)
class Near:
    template: Template
    score: float
    """The share of what was said, by weight, that the template is about: 0 to 1."""


def nearest(words: str, templates: Sequence[Template]) -> list[Near]:
    """Best first; those that share no word with what was said are left out."""
    asked = set(terms(words))
    about = {template.slug: set(terms(_text(template))) for template in templates}
    known = Counter(term for found in about.values() for term in found)
    weights = {term: math.log(1 + len(templates) / (0.5 + known[term])) for term in asked}
    # Chinese that the gallery has no word for counts as terms that no template is about.
    whole = sum(weights.values()) + _unknown(words) * math.log(1 + 2 * len(templates)) or 1.0
    near = [
        Near(template, sum(weights[term] for term in asked & about[template.slug]) / whole)
        for template in templates
    ]
    return sorted((found for found in near if found.score > 0), key=lambda found: -found.score)


def terms(text: str) -> list[str]:
    translated = [english for chinese, english in CHINESE.items() if re.search(chinese, text)]
    latin = re.findall(r"[a-z]{2,}", " ".join([text, *translated]).lower())
    return [_stem(word) for word in latin if word not in IDLE]


def _unknown(text: str) -> float:
    left = re.sub("|".join(CHINESE), "", text)
    return len(re.findall(r"[\u3400-\u9fff]", left)) / HAN_A_TERM


def _stem(word: str) -> str:
    """Endings of English are let go: "classifies" and "classifier" are about one thing."""
    for ending in (
        "ization",
        "isation",
        "ations",
        "ation",
        "ifiers",
        "ifier",
        "ifies",
        "ify",
        "izes",
        "ises",
        "ize",
        "ise",
        "ing",
        "ies",
        "ers",
        "es",
        "er",
        "ed",
        "al",
        "s",
        "y",
        "e",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _text(template: Template) -> str:
    kinds = catalogue()
    used = [node["type"] for node in template.graph.get("nodes", []) if kinds.knows(node["type"])]
    tags = [tag for type_id in used for tag in describe(kinds.named(type_id), kinds.kind(type_id))["tags"]]
    titles = [describe(kinds.named(type_id), kinds.kind(type_id))["title"] for type_id in used]
    return " ".join([template.title, template.title, template.description, template.slug, *titles, *tags])
