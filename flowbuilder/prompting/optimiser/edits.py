"""Edit operators over a prompt's phrases: delete, swap, add (Prasad et al. 2023, "GrIPS: Gradient-free, Edit-based
Instruction Search for Prompting Large Language Models", section 3). Their fourth, paraphrase, is a model's proposal here.
"""

from __future__ import annotations

import random

from flowbuilder.prompting.optimiser.candidate import Candidate
from flowbuilder.prompting.optimiser.template import phrases
from flowbuilder.prompting.placeholders import names

HINTS = (
    "Answer from the context only.",
    "Answer with one JSON object and nothing else.",
    "Answer as short as possible.",
    "Copy names and values exactly as they stand.",
    "Think of each part of the question before you answer.",
)
HINTS_ZH = (
    "只根据资料回答。",
    "只用一个 JSON 对象回答，不要别的内容。",
    "回答尽量简短。",
    "名称和数值照原文抄写。",
    "回答之前先想清楚问题的每一部分。",
)


def edits(template: str, rng: random.Random, count: int, *, chinese: bool = False) -> list[Candidate]:
    """Up to ``count`` different ones. A phrase with a placeholder is moved, never deleted."""
    parts = phrases(template)
    hints = HINTS_ZH if chinese else HINTS
    made: dict[str, Candidate] = {}
    for _ in range(8 * count):
        operator = rng.choice((_delete, _delete, _swap, _add))
        candidate = operator(parts, rng, hints)
        if candidate and candidate.text and candidate.text != template.strip():
            if names(candidate.text) and set(names(candidate.text)) != set(names(template)):
                continue
            made.setdefault(candidate.text, candidate)
        if len(made) == count:
            break
    return list(made.values())


def _delete(parts: list[str], rng: random.Random, hints: tuple[str, ...]) -> Candidate | None:
    free = [at for at, part in enumerate(parts) if part.strip() and not names(part)]
    if not free:
        return None
    at = rng.choice(free)
    text = "".join(parts[:at] + parts[at + 1 :]).strip()
    return Candidate(text, "edit", f"without “{_short(parts[at])}”")


def _swap(parts: list[str], rng: random.Random, hints: tuple[str, ...]) -> Candidate | None:
    said = [at for at, part in enumerate(parts) if part.strip()]
    if len(said) < 2:
        return None
    one, other = sorted(rng.sample(said, 2))
    moved = list(parts)
    # Only the words change places: each line keeps its end.
    first, second = parts[one].strip(), parts[other].strip()
    moved[one] = parts[one].replace(first, second, 1)
    moved[other] = parts[other].replace(second, first, 1)
    return Candidate(
        "".join(moved).strip(), "edit", f"“{_short(first)}” and “{_short(second)}” change places"
    )


def _add(parts: list[str], rng: random.Random, hints: tuple[str, ...]) -> Candidate | None:
    text = "".join(parts).strip()
    new = [hint for hint in hints if hint not in text]
    if not new:
        return None
    hint = rng.choice(new)
    added = f"{hint}\n\n{text}" if rng.random() < 0.5 else f"{text}\n\n{hint}"
    return Candidate(added, "edit", f"with “{_short(hint)}”")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"
