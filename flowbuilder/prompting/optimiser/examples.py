"""Examples in the prompt, taken from the cases (Khattab et al. 2023, "DSPy: Compiling Declarative Language Model Calls
into Self-Improving Pipelines", section 4: BootstrapFewShot takes the program's own answers that pass, LabeledFewShot
the expected ones). A case that stands in a prompt does not count towards that prompt's score.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flowbuilder.prompting.optimiser.candidate import Candidate, Slots
from nodes.text.prompt import NAME

LONGEST = 600
"""Characters of one example: several stand before the real question."""


@dataclass(frozen=True)
class Shown:
    """What a case carries in the prompt's placeholders, and an answer that is right."""

    case: int
    values: Mapping[str, str]
    answer: str


def with_examples(
    base: Candidate, slots: Slots, usable: Sequence[Shown], rng: random.Random, *, count: int = 1
) -> list[Candidate]:
    """The prompt with one and with three of them before it; short ones first drawn."""
    fitting = [shown for shown in usable if len(_text(base.text, shown, slots)) <= LONGEST]
    if not fitting or base.shown:
        return []
    made = []
    for many in dict.fromkeys((min(1, len(fitting)), min(3, len(fitting)))):
        for _ in range(count):
            chosen = rng.sample(fitting, many)
            before = "\n\n".join(_text(base.text, shown, slots) for shown in chosen)
            detail = f"{many} example{'s' if many > 1 else ''} before it"
            shown_cases = frozenset(shown.case for shown in chosen)
            made.append(Candidate(f"{before}\n\n{base.text}", "examples", detail, shown_cases))
    return made


def _text(template: str, shown: Shown, slots: Slots) -> str:
    """As the prompt itself asks, from its first placeholder on, with the answer."""
    if not slots.names:
        asked = "\n".join(str(value) for value in shown.values.values())
        return f"Example:\n{_plain(asked)}\n{_plain(shown.answer)}"
    first = NAME.search(template)
    start = (
        template.rfind("\n\n", 0, first.start()) + 2 if first and "\n\n" in template[: first.start()] else 0
    )
    filled = NAME.sub(lambda found: _plain(str(shown.values.get(found[1], ""))), template[start:])
    return f"{filled}\n{_plain(shown.answer)}"


def _plain(text: str) -> str:
    """What looks like a placeholder in it is text."""
    return NAME.sub(lambda found: f"{{ {found[1]} }}", text)
