"""A local model asked for a whole text or a list, for nodes that do something with what it says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nodes.base import Context, NodeError, PromptTooLong, Sampling

SHORTEST = 200
"""Characters below which a part is not divided any more."""
ENDS = ("\n\n", "\n", "。", ". ", "！", "？", "! ", "? ", "；", "; ", "，", ", ", " ")
"""Where a text is divided: the first kind that stands near its middle."""


async def said(
    ctx: Context,
    model: str,
    prompt: str | Sequence[dict[str, str]],
    sampling: Sampling,
    schema: dict[str, Any] | None = None,
) -> str:
    stream = ctx.models.generate(model, prompt, sampling=sampling, schema=schema)
    return "".join([piece async for piece in stream]).strip()


async def listed(
    ctx: Context, model: str, prompt: str, sampling: Sampling, count: int, longest: int
) -> list[str]:
    """So many texts at most, each once: decoding is constrained to a list of them."""
    texts = {
        "type": "array",
        "items": {"type": "string", "maxLength": longest},
        "minItems": count,
        "maxItems": count,
    }
    schema = {"type": "object", "properties": {"texts": texts}, "required": ["texts"]}
    written = await said(ctx, model, prompt, sampling, schema)
    try:
        found = json.loads(written)["texts"]
    except (ValueError, KeyError, TypeError) as error:
        raise NodeError(
            f"The model '{model}' was cut off while it wrote {count} texts. Raise 'max_new_tokens' or ask for fewer."
        ) from error
    return list(dict.fromkeys(text.strip() for text in found if text.strip()))


async def in_parts(ctx: Context, model: str, ask: Any, text: str, sampling: Sampling) -> list[str]:
    """``ask(part)`` is the prompt for a part: what the model says of the whole, or of its halves where it reads less."""
    try:
        return [
            await said(ctx, model, ask(text), replace(sampling, room=max(1, sampling.max_new_tokens // 2)))
        ]
    except PromptTooLong:
        if len(text) < SHORTEST:
            raise
        first, second = halves(text)
        return [
            *await in_parts(ctx, model, ask, first, sampling),
            *await in_parts(ctx, model, ask, second, sampling),
        ]


def halves(text: str) -> tuple[str, str]:
    """At the end of a paragraph or a sentence near the middle, where there is one."""
    middle, near = len(text) // 2, len(text) // 4
    for end in ENDS:
        at = text.rfind(end, middle - near, middle + near)
        if at > 0:
            return text[: at + len(end)], text[at + len(end) :]
    return text[:middle], text[middle:]


def parts_of(text: str, most: int) -> list[str]:
    """The text in parts of at most so many characters."""
    if len(text) <= most:
        return [text] if text.strip() else []
    first, second = halves(text)
    return [*parts_of(first, most), *parts_of(second, most)]
