from pydantic import Field

from nodes.base import Context, Node
from nodes.types import KnowledgeRef, Passages


class Retrieve(Node):
    """Finds the passages of a knowledge base that best match a question."""

    title = "Knowledge retrieval"
    icon = "book-open"
    tags = ("rag", "search", "documents", "passages")
    attempts = 3

    base: KnowledgeRef = ""
    """The knowledge base to search; empty takes the workspace's only one."""
    limit: int = Field(4, ge=1, le=50)
    """How many passages at most."""

    async def run(self, ctx: Context, question: str) -> Passages:
        return await ctx.knowledge.search(self.base, question, self.limit)
