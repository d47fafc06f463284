"""Evaluations and the gate over HTTP."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.evaluation import exporting, gates, services
from flowbuilder.evaluation.answers import FILTERS
from flowbuilder.evaluation.models import ROW_FIELDS, Evaluation
from flowbuilder.training.orders import MOST_PROMPTS
from nodes.types import PromptLine

router = Router(tags=["evaluations"])
AT_ONCE = 200


class NewEvaluation(Schema):
    after: str = Field(min_length=1, max_length=120)
    """The new version."""
    before: str = Field("", max_length=120)
    """The old one; empty is what is in production of the new one's model."""
    prompts: list[PromptLine] = Field(min_length=1, max_length=MOST_PROMPTS)
    rewards: list[dict[str, Any]] = Field(default_factory=list, max_length=20)
    """Rules, as the reward nodes' settings write them."""
    reward_model: str | None = Field(None, max_length=120)
    judge: str | None = Field(None, max_length=120)
    """A causal model that is asked which answer is better, in both orders."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """As the node Evaluate's settings: json_schema, safety, samples, max_new_tokens, margin, ..."""


@router.get("/evaluations")
def list_evaluations(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest two hundred, without their figures."""
    return [row(evaluation) for evaluation in evaluations_of(request)[:AT_ONCE]]


@router.post("/evaluations", response={202: dict[str, Any]})
def start_evaluation(request: HttpRequest, body: NewEvaluation) -> Any:
    """Measure a version against another; a worker does it, as a job of its own."""
    must_edit(request)
    data = body.dict(include={"prompts", "rewards", "reward_model", "judge"})
    made = services.evaluate(
        asker=request.asker, after=body.after, before=body.before, settings=body.settings, data=data
    )
    return Status(202, row(made))


@router.get("/evaluations/{uuid:evaluation_id}")
def get_evaluation(request: HttpRequest, evaluation_id: uuid.UUID) -> dict[str, Any]:
    """With its report, and what the gate says of it now."""
    evaluation = find(request, evaluation_id)
    judged = gates.verdict(evaluation).row() if evaluation.finished else None
    return {**row(evaluation), "report": evaluation.report or None, "verdict": judged}


class Wanted(Schema):
    show: Literal["worse", "improved", "different", "all", "safety"] = "worse"
    offset: int = Field(0, ge=0, le=10_000_000)


@router.get("/evaluations/{uuid:evaluation_id}/prompts")
def list_prompts(
    request: HttpRequest, evaluation_id: uuid.UUID, wanted: Query[Wanted]
) -> list[dict[str, Any]]:
    """Prompts with both answers and their figures, two hundred from ``offset`` on; the worst first."""
    found = FILTERS[wanted.show].of(find(request, evaluation_id))
    return [
        {**{name: getattr(prompt, name) for name in ROW_FIELDS}, "drop": prompt.drop, "worse": prompt.worse}
        for prompt in found[wanted.offset : wanted.offset + AT_ONCE]
    ]


@router.get("/evaluations/{uuid:evaluation_id}/export")
def export(
    request: HttpRequest, evaluation_id: uuid.UUID, format: Literal["json", "csv", "md"] = "json"
) -> HttpResponseBase:
    """The whole result as a file; 404 until it is there."""
    return exporting.answer(find(request, evaluation_id), format)


def evaluations_of(request: HttpRequest) -> Any:
    found = Evaluation.objects.visible_to(request.asker)
    return found.select_related("job", "before__model", "after__model")


def find(request: HttpRequest, evaluation_id: uuid.UUID) -> Evaluation:
    evaluation = evaluations_of(request).filter(pk=evaluation_id).first()
    if evaluation is None:
        raise ApiError("not_found", "There is no such evaluation, or it is not yours.", 404)
    return evaluation


def must_edit(request: HttpRequest) -> None:
    if not request.asker.can_edit:
        raise ApiError("forbidden", "Your role may not evaluate models; ask an editor of the workspace.", 403)


def row(evaluation: Evaluation) -> dict[str, Any]:
    job = evaluation.job
    return {
        "id": str(evaluation.pk),
        "job": str(job.pk),
        "status": job.status,
        "error": job.error,
        "step": job.step,
        "steps": job.steps,
        "before": evaluation.before_ref,
        "after": evaluation.after.ref,
        "source": job.data.get("source", ""),
        "created_at": evaluation.created_at,
        "measured_at": evaluation.measured_at,
    }
