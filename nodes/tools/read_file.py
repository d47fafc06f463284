from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nodes.base import Context, NodeError
from nodes.tools.tool_node import ToolNode
from nodes.types import KnowledgeRef

Name = Annotated[str, Field(description="The document's name, such as handbook.pdf")]


class ReadFile(ToolNode):
    """Gives the whole text of a document of a knowledge base, or a part of it."""

    title = "Read a file"
    icon = "file-text"
    tags = ("document", "text", "pdf", "load", "knowledge", "workspace")

    base: KnowledgeRef = ""
    """Where the document is; empty takes the workspace's only one."""
    name: str = Field("", max_length=255)
    """The document's name, as the knowledge page shows it; empty takes the input 'document'."""
    start: int = Field(0, ge=0)
    """How many characters are left out at the beginning."""
    most: int = Field(20_000, ge=1, le=500_000)
    """How many characters are given."""

    async def run(self, ctx: Context, document: Name = "") -> str:
        if ctx.documents is None:
            raise NodeError("This installation has no documents.")
        name = self.name or document
        if not name:
            raise NodeError(
                "Setting 'name' is empty and nothing is wired to 'document': name a document of the knowledge base."
            )
        text = await ctx.documents.read(self.base, name)
        ctx.report("metric", {"document": name, "characters": len(text)})
        return text[self.start : self.start + self.most]
