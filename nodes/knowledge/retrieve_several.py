import asyncio

from pydantic import Field

from nodes.base import Context, Node, NodeError
from nodes.knowledge.fusing import fused
from nodes.knowledge.looking import Looking
from nodes.knowledge.retrieve import Where
from nodes.types import Items, Passages

MOST_QUERIES = 16


class RetrieveSeveral(Looking, Where, Node):
    """Searches knowledge bases for several queries and fuses what each of them finds by its ranks."""

    title = "Knowledge retrieval of several queries"
    icon = "library"
    tags = ("rag", "search", "multi-query", "rag fusion", "reciprocal rank fusion", "rrf", "hyde")
    attempts = 3

    numbered: bool = False
    """Put [1], [2], ... before the passages, so that an answer can say which one it is from."""
    least_found: int = Field(1, ge=1, le=16)
    """A passage that fewer of the queries find is left out."""

    async def run(self, ctx: Context, queries: list[Items]) -> Passages:
        wanted = [str(query).strip() for wire in queries for query in wire.items]
        asked = list(dict.fromkeys(text for text in wanted if text))
        if not 0 < len(asked) <= MOST_QUERIES:
            raise NodeError(f"'queries' has {len(asked)} queries; from 1 to {MOST_QUERIES} are searched for.")
        looking = Looking(**{name: getattr(self, name) for name in Looking.model_fields})
        bases = [self.base, *self.also]
        searches = await asyncio.gather(*(ctx.knowledge.search(bases, query, looking) for query in asked))
        found = [search.passages.items for search in searches]
        often = [passage.passage_id for ranking in found for passage in ranking]
        best = [passage for passage in fused(found) if often.count(passage.passage_id) >= self.least_found]
        best = best[: self.limit]
        per_query = [
            {"query": query[:200], "found": len(ranking)} for query, ranking in zip(asked, found, strict=True)
        ]
        ctx.report("metric", {"queries": per_query})
        ctx.report(
            "citations", {"items": [passage.cited(number) for number, passage in enumerate(best, start=1)]}
        )
        return Passages(items=tuple(best), numbered=self.numbered)
