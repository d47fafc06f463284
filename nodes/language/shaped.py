"""A reply as JSON that satisfies a caller's schema: read, checked, mended field by field, and only then told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from zlib import crc32

from nodes.base import Context, NodeError
from nodes.json_rules import errors_of
from nodes.language.repair import repaired
from nodes.mock.records import Unsatisfiable


async def shaped(ctx: Context, pieces: AsyncIterator[str], schema: dict[str, Any]) -> str:
    """Whole: what is streamed cannot be taken back when it has to be mended."""
    text = "".join([piece async for piece in pieces])
    try:
        made = repaired(text, schema, seed=crc32(text.encode()))
    except Unsatisfiable as error:
        raise NodeError(f"No reply satisfies the schema that was asked for. {error}.") from error
    if wrong := errors_of(made.record, schema):
        raise NodeError(f"The reply does not satisfy the schema that was asked for: {wrong[0]}")
    if made.mended:
        reasons = {mended.field: mended.reason for mended in made.mended}
        ctx.report("metric", {"repaired": list(reasons), "reasons": reasons, "cut_off": made.cut_off})
    return json.dumps(made.record, ensure_ascii=False)
