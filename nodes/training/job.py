"""What every training node does: start a job, park the run, and read what came out."""

from __future__ import annotations

from typing import Any

from pydantic import Field, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema

from nodes.base import Context, Node, NodeError, Waiting
from nodes.types import EvaluationReport, ModelVersion


class TrainingNode(Node):
    """The settings that every training has; a form shows them behind a node's own."""

    samples_every: int = Field(50, ge=0, le=100_000)
    """Steps between two looks at what the model answers, always to the same few prompts; 0 shows nothing."""
    patience: int = Field(0, ge=0, le=100_000)
    """Early stop: steps without a gain of the watched figure (held-out loss, or reward) after which it ends; 0 is never."""
    min_gain: float = Field(0.0, ge=0, le=10)
    """Early stop: what counts as a gain of that figure."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core))
        fields = schema["properties"]
        own = {name: field for name, field in fields.items() if name not in TrainingNode.model_fields}
        schema["properties"] = own | fields
        return schema


async def trained(
    ctx: Context, *, recipe: str, model: str, settings: dict[str, Any], data: Any
) -> ModelVersion:
    """The version that the job made. Raises ``Waiting`` until the run is resumed with its result.

    The result is ``{"ref", "kind", "metrics"}`` of the new version, or ``{"error"}``.
    """
    answer = await _answer(ctx, recipe=recipe, model=model, settings=settings, data=data)
    if error := answer.get("error"):
        raise NodeError(f"The training job ended without a model: {error}")
    try:
        version = ModelVersion.model_validate(answer)
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


async def evaluated(
    ctx: Context, *, model: str, settings: dict[str, Any], data: dict[str, Any]
) -> EvaluationReport:
    """What the evaluation of ``model`` found. Raises ``Waiting`` until the run is resumed with it.

    The result is ``{"report", "job"}``, or ``{"error"}``.
    """
    answer = await _answer(ctx, recipe="evaluate", model=model, settings=settings, data=data)
    if error := answer.get("error"):
        raise NodeError(f"The evaluation ended without a report: {error}")
    try:
        report = EvaluationReport.model_validate({**answer["report"], "job": answer["job"]})
    except (KeyError, TypeError, ValidationError) as error:
        raise NodeError("The evaluation's result is no report.") from error
    rates = {f"win rate by {won.by}": won.rate for won in report.wins}
    ctx.report("metric", {**rates, "worse": report.worse, "improved": report.improved})
    return report


async def _answer(ctx: Context, *, recipe: str, **order: Any) -> dict[str, Any]:
    """The job's result; without one the job is started and the run parked."""
    if ctx.answer is None:
        key = await ctx.training.start(recipe=recipe, **order)
        raise Waiting(key, {"job": key, "message": "the training job; its figures come as they are made."})
    return dict(ctx.answer)
