"""Format operators: the same instructions and placeholders in another layout.

Models answer very differently to layouts that mean the same to people (Sclar et al. 2023, "Quantifying Language Models'
Sensitivity to Spurious Features in Prompt Design", section 3), and a small one knows only the layout that it was
trained on: the context before the question, under these two labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowbuilder.prompting.optimiser.candidate import Candidate, Slots
from flowbuilder.prompting.optimiser.template import instructions

CHINESE = ("资料", "问题", "回答：")
ENGLISH = ("Context", "Question", "Answer:")


@dataclass(frozen=True)
class Form:
    """``said``: where the instructions stand (first, last, nowhere)."""

    labels: bool = True
    said: str = "first"
    question_first: bool = False
    cue: bool = False
    tags: bool = False

    @property
    def detail(self) -> str:
        order = "question before context" if self.question_first else "context before question"
        labels = "in tags" if self.tags else "with labels" if self.labels else "without labels"
        said = {"first": "instructions first", "last": "instructions last", "nowhere": "no instructions"}
        return ", ".join([order, labels, said[self.said]] + (["an answer cue"] if self.cue else []))


FORMS = (
    Form(said="nowhere"),
    Form(said="first"),
    Form(said="last"),
    Form(said="first", cue=True),
    Form(said="nowhere", cue=True),
    Form(said="nowhere", labels=False),
    Form(said="first", question_first=True),
    Form(said="first", tags=True),
)


def forms(template: str, slots: Slots, *, chinese: bool = False) -> Iterator[Candidate]:
    """Every form of it that says something else; none for a prompt without placeholders, which has no layout."""
    if not slots.names:
        return
    seen = {template.strip()}
    said = instructions(template)
    for labels in (ENGLISH, CHINESE) if chinese else (ENGLISH,):
        for form in FORMS:
            text = written(form, said, slots, labels)
            if text not in seen:
                seen.add(text)
                yield Candidate(text, "form", form.detail)


def written(form: Form, said: str, slots: Slots, labels: tuple[str, str, str] = ENGLISH) -> str:
    context, question, cue = labels
    blocks = [_slot(form, name, context if len(slots.context) == 1 else name) for name in slots.context]
    asked = [_slot(form, name, question if len(slots.question) == 1 else name) for name in slots.question]
    blocks = [*asked, *blocks] if form.question_first else [*blocks, *asked]
    if form.said == "first" and said:
        blocks.insert(0, said)
    elif form.said == "last" and said:
        blocks.append(said)
    if form.cue:
        blocks.append(cue)
    return "\n\n".join(blocks)


def _slot(form: Form, name: str, label: str) -> str:
    hole = f"{{{{ {name} }}}}"
    if form.tags:
        return f"<{label.lower()}>\n{hole}\n</{label.lower()}>"
    if not form.labels:
        return hole
    between = "\n" if label in {ENGLISH[0], CHINESE[0]} else " " if label.isascii() else ""
    return f"{label}{':' if label.isascii() else '：'}{between}{hole}"
