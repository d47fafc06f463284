"""An answer that is asked for in one piece: all of it, or why there is none."""

from __future__ import annotations

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import apart
from flowbuilder.publishing.hanging_up import cancelled_with_caller
from flowbuilder.publishing.openai.answer import Answer, RunFailed


async def text_of(answer: Answer, *, comes_back: bool) -> str:
    """A caller who hangs up has it stopped, as with a stream: their clients try again, and the queue would fill with
    answers that nobody reads. ``comes_back``: by an idempotency key, which leads to the same run."""
    pieces = answer.text() if comes_back else cancelled_with_caller(answer.run, answer.text())
    try:
        return "".join([piece async for piece in apart(pieces)])
    except RunFailed as failed:
        raise ApiError("run_failed", str(failed), 500) from failed
