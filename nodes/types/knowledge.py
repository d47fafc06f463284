"""What a search in knowledge gives."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from nodes.types.value import Value

QUOTED = 300
"""Characters of a passage that a citation repeats."""


class Passage(Value):
    """One piece of a document that a search found."""

    text: str
    source: str
    """Name of the document it stands in."""
    score: float
    """Fused score; higher is better, comparable within one search only."""
    passage_id: str = ""
    document_id: str = ""
    heading: str = ""
    start: int | None = None
    """With ``end`` where it stands in the document's text, in characters; None where a person wrote it."""
    end: int | None = None

    def cited(self, number: int) -> dict[str, Any]:
        """What a reply says of it: where it stands, and how it begins."""
        return {"number": number, "quote": self.text[:QUOTED], **self.model_dump(exclude={"text", "score"})}


class Passages(Value):
    """What a search found, best first."""

    items: tuple[Passage, ...] = ()
    numbered: bool = False
    """Whether the text puts [1], [2], ... before them."""

    def __str__(self) -> str:
        if not self.numbered:
            return "\n\n".join(passage.text for passage in self.items)
        return "\n\n".join(f"[{number}] {passage.text}" for number, passage in enumerate(self.items, start=1))


class KeptAnswer(Value):
    """What people answered to a question that means the same as the one that is asked."""

    question: str
    """As they had it."""
    answer: str
    score: float
    """How sure it is that both mean the same, in 0..1."""
    source: str = ""
    passage_id: str = ""
    document_id: str = ""

    def cited(self, number: int) -> dict[str, Any]:
        where = {"source": self.source, "passage_id": self.passage_id, "document_id": self.document_id}
        return {"number": number, "quote": self.answer[:QUOTED], **where, "heading": self.question}


class Found(Value):
    """What a search in knowledge gave."""

    passages: Passages = Passages()
    kept: KeptAnswer | None = None
    """The likeliest of the answers that people gave themselves, however unlikely."""
    facts: dict[str, Any] = Field(default_factory=dict)
    """For the trace: what each step took, which index had no say and why."""
