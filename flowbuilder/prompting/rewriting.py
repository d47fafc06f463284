"""One rewrite of a prompt: by a model of the workspace, streamed, or by rules where every model is too small for that."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from flowbuilder.flows.bots.cues import is_chinese
from flowbuilder.prompting.optimiser.candidate import Slots
from flowbuilder.prompting.optimiser.forms import CHINESE, ENGLISH, Form, written
from flowbuilder.prompting.optimiser.template import instructions, phrases
from flowbuilder.prompting.placeholders import names
from nodes.base import Models, Sampling
from nodes.text.prompt import NAME

BY_RULES = "rules"
"""In place of a model's name."""
SAMPLING = Sampling(max_new_tokens=1024, temperature=0.7)
_TALK = re.compile(
    r"^\s*(?:(?:here is|sure|certainly|of course)[^\n]*:\s*\n|(?:improved|rewritten|new) prompt\s*:\s*|改进后的提示词\s*[：:]\s*)",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^```[a-z]*\n(?P<inside>.*?)\n```\s*$", re.DOTALL)

_CLAUSES = re.compile(r"[,;，；\n]|(?<=[.。!！])\s+")
_SHORTER = re.compile(
    r"\bmake (?:it|the prompt) (?:much )?(?:shorter|brief|concise)|\bshorten|提示词?.{0,4}(?:更短|短一点|精简|简洁)|^\s*(?:shorter|更短|短一点|精简|简洁一点)\s*[.。]?\s*$",
    re.IGNORECASE,
)
"""Of the prompt itself; "answer shortly" is an instruction like others."""
_AND = re.compile(r"^\s*(?:(?:and|but)\s+(?:also\s+|then\s+)?|并且|并|而且|同时)", re.IGNORECASE)
"""What tied a clause to the one before it."""


@dataclass(frozen=True)
class Failure:
    """An answer that was wrong, in the asker's words."""

    question: str = ""
    answer: str = ""
    error: str = ""
    wrong: str = ""
    expected: str = ""

    @property
    def told(self) -> list[str]:
        rows = {
            "The question was": self.question,
            "It answered": self.answer,
            "It failed with": self.error,
            "What was wrong with that": self.wrong,
            "What was expected": self.expected,
        }
        return [f"{label}:\n{text.strip()}" for label, text in rows.items() if text.strip()]


def request(prompt: str, wish: str = "", failure: Failure = Failure()) -> str:
    """What the model is asked."""
    holes = ", ".join(f"{{{{ {name} }}}}" for name in names(prompt))
    keep = f" Keep {holes} exactly as written: values are put in there." if holes else ""
    blocks = [
        "Rewrite the prompt below so that a language model answers better. Keep its purpose and its language."
        f"{keep} Be clear and short. Write the new prompt only, without any comment."
    ]
    if failure.told:
        blocks.append("With this prompt an answer went wrong.")
        blocks += failure.told
    if wish.strip():
        blocks.append(f"What the new prompt must do:\n{wish.strip()}")
    blocks.append(f"The prompt:\n<prompt>\n{prompt}\n</prompt>")
    return "\n\n".join(blocks)


def stream(
    models: Models, model: str, prompt: str, wish: str = "", failure: Failure = Failure()
) -> AsyncIterator[str]:
    return models.generate(model, request(prompt, wish, failure), sampling=SAMPLING)


def tidy(text: str) -> str:
    """Without what models say around a prompt."""
    text = text.strip()
    inside = re.search(r"<prompt>\s*(.*?)\s*(?:</prompt>|$)", text, re.DOTALL)
    text = inside[1] if inside else _TALK.sub("", text, count=1).strip()
    fenced = _FENCE.match(text)
    text = (fenced["inside"] if fenced else text).strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    return text


def by_rules(prompt: str, slots: Slots, wish: str = "", failure: Failure = Failure()) -> str:
    """Instructions first, each said once, the context before the question, what is wished as an instruction of its own."""
    chinese = is_chinese(NAME.sub("", prompt))
    said = list(dict.fromkeys(instructions(prompt).splitlines()))
    clauses = [clause.strip() for clause in _CLAUSES.split(wish) if clause.strip()]
    wished = [clause for clause in clauses if not _SHORTER.search(clause)]
    if len(wished) < len(clauses):
        said = said[:1]
    if wished:
        wished[0] = _AND.sub("", wished[0])
        said.append(_sentence(("，" if is_chinese(wish) else ", ").join(wished), chinese))
    if failure.expected.strip():
        said.append(_lesson(failure, chinese))
    elif failure.wrong.strip():
        said.append(_sentence(failure.wrong, chinese))
    text = "\n".join(NAME.sub(lambda found: f"{{ {found[1]} }}", line) for line in said)
    return written(Form(said="first"), text, slots, CHINESE if chinese else ENGLISH) if slots.names else text


def _sentence(text: str, chinese: bool) -> str:
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".!?。！？" else text + ("。" if chinese or is_chinese(text) else ".")


def _lesson(failure: Failure, chinese: bool) -> str:
    question, expected = " ".join(failure.question.split()), failure.expected.strip()
    if not question:
        return f"例如，应当这样回答：{expected}" if chinese else f"An answer looks like this: {expected}"
    if chinese:
        return f"例如，对于“{question}”，应当回答：{expected}"
    return f"For example, “{question}” is answered: {expected}"


def proposal(scored: Sequence[tuple[str, float]]) -> str:
    """Asks for a prompt that scores higher than those so far (Yang et al. 2024, "Large Language Models as Optimizers", section 2)."""
    told = "\n\n".join(f"<prompt>\n{text}\n</prompt>\nscore: {round(100 * score)}" for text, score in scored)
    holes = ", ".join(f"{{{{ {name} }}}}" for name in names(scored[-1][0]))
    keep = f" It must contain {holes} exactly as written." if holes else ""
    return (
        "These prompts for a language model were scored from 0 to 100 on test cases, the best one last. Write a new prompt "
        f"that is unlike all of them and scores higher.{keep} Write the new prompt only.\n\n{told}"
    )


def is_usable(text: str, prompt: str) -> bool:
    """Whether it can be a prompt at all: a small model often answers with a record, or repeats one word."""
    words = text.split()
    return (
        bool(phrases(text))
        and not text.startswith("{")
        and len(text) < 4 * len(prompt) + 2000
        and (len(words) < 12 or len(set(words)) > len(words) // 4)
    )
