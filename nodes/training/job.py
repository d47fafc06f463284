"""What every training node does: start a job, park the run, and read what came out."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from nodes.base import Context, NodeError, Waiting
from nodes.types import ModelVersion


async def trained(
    ctx: Context, *, recipe: str, model: str, settings: dict[str, Any], data: Any
) -> ModelVersion:
    """The version that the job made. Raises ``Waiting`` until the run is resumed with its result.

    The result is ``{"ref", "kind", "metrics"}`` of the new version, or ``{"error"}``.
    """
    if ctx.answer is None:
        key = await ctx.training.start(recipe=recipe, model=model, settings=settings, data=data)
        raise Waiting(key, {"job": key, "message": "the training job; its figures come as they are made."})
    if error := ctx.answer.get("error"):
        raise NodeError(f"The training job ended without a model: {error}")
    try:
        version = ModelVersion.model_validate(ctx.answer)
    except ValidationError as error:
        raise NodeError(
            f"The training job's result is not a model version: {error.errors()[0]['msg']}."
        ) from error
    ctx.report("metric", dict(version.metrics))
    return version


def started_from(setting: str, wired: ModelVersion | None) -> str:
    """The version that is wired in, else the one that is set. ``NodeError`` where it cannot be trained further."""
    if wired is None:
        return setting
    if wired.kind != "causal":
        raise NodeError(
            f"'{wired.ref}' is a {wired.kind} model and writes nothing; wire a language model into 'start'."
        )
    return wired.ref
