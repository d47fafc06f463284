"""What kind of thing a question asks for: what it is, who, when, where, why, how, how many, whether, or what.

Question classification by question words (Li & Roth 2002, section 3, has the kinds): two questions about the same thing that
ask for different kinds of it are different questions, however many words they share.
"""

from __future__ import annotations

import re

THING = "thing"
ORDER = "order"
KINDS = {
    "meaning": r"什么是|是什么(?!样)|是啥",
    "person": r"\bwho(?:m|se)?\b|谁|哪位|何人|什么人",
    "time": r"\bwhen\b|\bhow (?:long|often|soon|late|early)\b|什么时[候间]|何时|几时|几点|哪天|多久|多长时间",
    "place": r"\bwhere\b|哪里|哪儿|何处|什么地方|在哪",
    "reason": r"\bwhy\b|为什么|为何|为啥",
    "amount": r"\bhow (?:many|much|large|big|heavy|far)\b|多少|几[个条次种天]|多[大重远]",
    "manner": r"\bhow\b|怎么|如何|怎样",
    THING: r"\bwh(?:at|ich)\b|什么|哪些|哪个|哪种|啥",
    "whether": r"^(?:is|are|was|does|do|did|can|may|must|should|has|have|will)\b|吗|是否|能不能|可不可以|能否|要不要",
}
WORD = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS.items()))
POLITE = re.compile(r"^(?:(?:please|can|could|would|will) you\b|please\b|请|请问)\s*")


MAKING = re.compile(
    r"^(?:make|give|create|generate|produce|write|send|build|invent|show|i (?:need|want|would like)|i'd like|let me have)\b"
    r"|^(?:生成|给|创建|新建|制作|造|编|写|来|做|出|我(?:需要|要|想要))"
)
"""How an order to make or hand out a thing begins, which is no question about it."""


def kind_of(question: str) -> str:
    """By the first word that asks; without one it orders a thing to be made, or asks what there is to it."""
    said = POLITE.sub("", " ".join(question.casefold().split()))
    if found := WORD.search(said):
        return found.lastgroup or THING
    return ORDER if MAKING.search(said) else THING
