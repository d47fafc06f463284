import json
import re
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from nodes.base import Context, Node, NodeError
from nodes.types import Demonstration, Demonstrations, LongText, Message, Messages

MOST_EXAMPLES = 500


@dataclass(frozen=True)
class Chosen:
    out: str
    """The examples as text, each question with its answer."""
    messages: Messages
    """The examples as a conversation, to be wired to 'history' of Chat messages."""


class FewShot(Node):
    """Picks the examples that are most like a question, to show a model how answers look.

    Nearest neighbours as in-context examples: Liu et al. 2022 (KATE). With 'variety' they are picked by maximal
    marginal relevance (Carbonell & Goldstein 1998, section 2), so that they do not all say the same.
    """

    title = "Few-shot examples"
    icon = "list-plus"
    tags = ("examples", "in-context", "demonstrations", "nearest", "mmr", "prompt")
    attempts = 3

    examples: LongText = ""
    """Examples as JSON lines: {"prompt": "...", "completion": "..."} or {"messages": [...]}. Those of a dataset come in at 'demonstrations'."""
    count: int = Field(3, ge=1, le=20)
    """How many are picked."""
    by: Literal["likeness", "order"] = "likeness"
    """'likeness' compares meanings with the embedder that is shipped; 'order' takes the first."""
    variety: float = Field(0.3, ge=0, le=1)
    """0 takes the most alike; higher takes fewer that say the same."""
    template: LongText = "Question: {question}\nAnswer: {answer}"
    """How an example stands in the text; {question} and {answer} are filled in."""

    @field_validator("examples")
    @classmethod
    def _are_examples(cls, value: str) -> str:
        _read(value)
        return value

    async def run(self, ctx: Context, question: str, demonstrations: Demonstrations | None = None) -> Chosen:
        known = [*_read(self.examples), *(demonstrations.examples if demonstrations else ())]
        if not known:
            raise NodeError(
                "There are no examples: write some in 'examples', or wire a dataset to 'demonstrations'."
            )
        known = known[:MOST_EXAMPLES]
        places = list(range(len(known)))[: self.count]
        if self.by == "likeness":
            places = await self._nearest(ctx, question, [_question(example) for example in known])
        ctx.report("metric", {"picked": places, "of": len(known)})
        # The most alike last: it stands nearest to the question (Liu et al. 2022, section 5).
        picked = [known[place] for place in (reversed(places) if self.by == "likeness" else places)]
        said = [
            Message(role=message.role, content=message.content)
            for example in picked
            for message in example.messages
            if message.role != "system"
        ]
        return Chosen("\n\n".join(self._told(example) for example in picked), Messages(items=tuple(said)))

    async def _nearest(self, ctx: Context, question: str, questions: list[str]) -> list[int]:
        if ctx.embedding is None:
            raise NodeError("This installation has no embedder; set 'by' to 'order'.")
        asked, *known = await ctx.embedding.vectors([question, *questions])
        return marginally_relevant(asked, known, self.count, self.variety)

    def _told(self, example: Demonstration) -> str:
        filled = {"{question}": _question(example), "{answer}": example.answer}
        # One pass: a question that says {answer} is text.
        return re.sub(r"\{(?:question|answer)\}", lambda found: filled[found[0]], self.template)


def marginally_relevant(
    asked: list[float], known: list[list[float]], count: int, variety: float
) -> list[int]:
    """Places in ``known``, best first: like the question, and unlike what is picked already. Vectors have length 1."""
    relevance = [_cosine(asked, vector) for vector in known]
    same = [0.0] * len(known)
    """How like each is to what is picked already."""
    picked: list[int] = []
    left = set(range(len(known)))
    while left and len(picked) < count:
        best = min(left, key=lambda place: (variety * same[place] - (1 - variety) * relevance[place], place))
        picked.append(best)
        left.remove(best)
        for place in left:
            same[place] = max(same[place], _cosine(known[place], known[best]))
    return picked


def _cosine(first: list[float], second: list[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))


def _question(example: Demonstration) -> str:
    return next(
        (m.content for m in reversed(example.messages) if m.role == "user"), example.messages[0].content
    )


def _read(lines: str) -> list[Demonstration]:
    """Raises ``ValueError`` naming the line."""
    found = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(Demonstration.model_validate(json.loads(line)))
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is not JSON: {error.msg}") from error
        except ValidationError as error:
            raise ValueError(f"line {number}: {error.errors()[0]['msg']}") from error
    return found
