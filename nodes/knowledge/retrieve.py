from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nodes.base import Context
from nodes.knowledge.looking import Looking
from nodes.tools.tool_node import ToolNode
from nodes.types import KnowledgeRef, Needed, Passages

Question = Annotated[str, Field(description="What is looked for, as a question or in its words")]


class Where(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    base: Annotated[KnowledgeRef, Needed] = ""
    """The knowledge base to search; empty takes the workspace's only one."""
    also: tuple[KnowledgeRef, ...] = Field((), max_length=10)
    """Further bases to search together with it."""


@dataclass(frozen=True)
class Retrieved:
    out: Passages | None
    """Untaken where ``answer`` is taken."""
    answer: str | None
    """What people answered to this question themselves."""


class Retrieve(Looking, Where, ToolNode):
    """Finds the passages of a knowledge base that best match a question."""

    title = "Knowledge retrieval"
    icon = "book-open"
    tags = ("rag", "search", "documents", "passages", "hybrid", "rerank", "citations")
    attempts = 3

    numbered: bool = False
    """Put [1], [2], ... before the passages, so that an answer can say which one it is from."""
    answer_directly: bool = False
    """A question that people have answered before, in these or other words, gets their answer at 'answer', and 'out'
    is skipped."""
    sure: float = Field(0.5, ge=0, le=1)
    """How sure it must be that both questions mean the same; higher answers fewer."""

    async def run(self, ctx: Context, question: Question) -> Retrieved:
        looking = Looking(**{name: getattr(self, name) for name in Looking.model_fields})
        found = await ctx.knowledge.search([self.base, *self.also], question, looking)
        ctx.report("retrieval", found.facts)
        kept = found.kept
        if self.answer_directly and kept is not None and kept.score >= self.sure:
            ctx.report("citations", {"items": [kept.cited(1)]})
            return Retrieved(out=None, answer=kept.answer)
        cited = [passage.cited(number) for number, passage in enumerate(found.passages.items, start=1)]
        ctx.report("citations", {"items": cited})
        return Retrieved(out=found.passages.model_copy(update={"numbered": self.numbered}), answer=None)
