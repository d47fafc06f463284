import hashlib
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from nodes.base import Context, Node, Sampling
from nodes.services.conversation import Turn
from nodes.types import Message, Messages, ModelRef, PromptText

MOST_TURNS = 200
"""Turns that are looked back on; what lies behind them is in the summary already."""


class Memory(Node):
    """What was said before in this conversation: its last turns as they were, and what came earlier as a summary."""

    title = "Memory"
    icon = "history"
    tags = ("history", "conversation", "context", "window", "summary", "chat", "session")
    attempts = 3
    timeout = 900

    kind: Literal["window", "summary"] = "window"
    """'window' remembers the last turns; 'summary' also has a model sum up those before them."""
    turns: int = Field(6, ge=1, le=100)
    """How many of the last questions and replies stand as they were."""
    model: ModelRef = "starter"
    """For 'summary': the model that sums up."""
    instruction: PromptText = (
        "Sum up the conversation in a few sentences. Keep names, numbers, wishes and what was decided."
    )
    """For 'summary': what the model is told."""
    longest: int = Field(256, ge=16, le=2048)
    """For 'summary': its length limit, in tokens."""

    async def run(self, ctx: Context) -> Messages:
        if self.kind == "window":
            return Messages(items=_messages(await _turns(ctx, self.turns)))
        said = await _turns(ctx, MOST_TURNS)
        earlier, last = said[: -self.turns], said[-self.turns :]
        items = _messages(last)
        if earlier:
            summary = await self._summary(ctx, earlier)
            items = (Message(role="system", content=f"Earlier in this conversation: {summary}"), *items)
        return Messages(items=items)

    async def _summary(self, ctx: Context, earlier: Sequence[Turn]) -> str:
        """Rolling: what was summed up before is only added to (as ConversationSummaryBufferMemory of LangChain does)."""
        name = f"summary:{ctx.node_id}"
        kept: dict[str, Any] = (await ctx.conversation.recall(name) if ctx.conversation else None) or {}
        behind = _behind(kept.get("upto", ""), earlier)
        fresh = earlier if behind is None else earlier[behind:]
        before = "" if behind is None else str(kept.get("text", ""))
        if not fresh:
            return before
        text = await self._summed_up(ctx, before, fresh)
        if ctx.conversation:
            await ctx.conversation.keep(name, {"upto": _mark(earlier[-1]), "text": text})
        ctx.report("metric", {"summed_up": len(fresh), "summary": text})
        return text

    async def _summed_up(self, ctx: Context, before: str, fresh: Sequence[Turn]) -> str:
        known = f"What came before, summed up: {before}\n\n" if before else ""
        prompt = f"{self.instruction}\n\n{known}{Messages(items=_messages(fresh))}"
        sampling = Sampling(max_new_tokens=self.longest, temperature=0)
        stream = ctx.models.generate(self.model, prompt, sampling=sampling)
        return "".join([piece async for piece in stream]).strip()


async def _turns(ctx: Context, most: int) -> list[Turn]:
    """The caller's own history goes before what is stored: a program that sends one knows its conversation."""
    given = ctx.inputs.get("history")
    if isinstance(given, list):
        return _pairs(given)[-most:]
    return list(await ctx.conversation.turns(most)) if ctx.conversation else []


def _pairs(history: list[Any]) -> list[Turn]:
    """Messages as question and reply; whatever is neither is passed over."""
    turns: list[Turn] = []
    asked = ""
    for message in history:
        role, content = (
            (message.get(name) for name in ("role", "content")) if isinstance(message, dict) else ("", "")
        )
        if role == "user":
            asked = f"{asked}\n{content}".strip()
        elif role == "assistant" and asked:
            turns.append(Turn(asked, str(content)))
            asked = ""
    return turns


def _messages(turns: Sequence[Turn]) -> tuple[Message, ...]:
    return tuple(
        Message(role=role, content=text)
        for turn in turns
        for role, text in (("user", turn.question), ("assistant", turn.reply))
    )


def _behind(upto: str, turns: Sequence[Turn]) -> int | None:
    """How many of the turns the kept summary covers; None where it is of none that we know."""
    marks = [_mark(turn) for turn in turns]
    return len(marks) - marks[::-1].index(upto) if upto in marks else None


def _mark(turn: Turn) -> str:
    return hashlib.sha256(f"{turn.question}\0{turn.reply}".encode()).hexdigest()[:16]
