from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from nodes.base import Context, NodeError
from nodes.tools.tool_node import ToolNode

Address = Annotated[str, Field(description="The page's address, beginning with https://")]


class WebPage(ToolNode):
    """Reads a public page, or a file at an address, as text. Its address is sent to whoever serves it."""

    title = "Web page"
    icon = "globe"
    tags = ("url", "fetch", "scrape", "html", "markdown", "read", "browse")
    sends_out = True
    timeout = 180

    address: str = Field("", max_length=2000)
    """The page's address; empty takes the input 'url'."""
    hosts: tuple[str, ...] = Field((), max_length=50)
    """Read from these hosts and those below them only, such as example.com; none allows every public one. Set it where a model chooses the page: an address can carry words away."""
    most: int = Field(20_000, ge=1, le=500_000)
    """How many characters are given."""

    async def run(self, ctx: Context, url: Address = "") -> str:
        if ctx.documents is None:
            raise NodeError("This installation reads no pages.")
        address = (self.address or url).strip()
        if not address:
            raise NodeError(
                "Setting 'address' is empty and nothing is wired to 'url': write a page's address."
            )
        host = (urlsplit(address).hostname or "").lower()
        if self.hosts and not any(
            host == each.lower() or host.endswith(f".{each.lower()}") for each in self.hosts
        ):
            raise NodeError(
                f"'{host[:100]}' is not among those of the setting 'hosts': {', '.join(self.hosts)}."
            )
        text = await ctx.documents.page(address)
        ctx.report("metric", {"host": host, "characters": len(text)})
        return text[: self.most]
