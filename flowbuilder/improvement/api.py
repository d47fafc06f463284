"""Improving a flow's model from feedback, over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.api import find as find_flow
from flowbuilder.improvement import services
from flowbuilder.improvement.foretold import foretold
from flowbuilder.improvement.models import Improvement
from flowbuilder.improvement.plan import Effort, Recipe, plan_for
from flowbuilder.improvement.progress import stages

router = Router(tags=["improvement"])


class Choices(Schema):
    recipe: Recipe = "grpo"
    """What the model learns by; ``dpo`` needs no reward model."""
    effort: Effort = "normal"


class NewImprovement(Choices):
    promote: bool = False
    """Let the gate put a version that passes into production."""
    start: bool = True
    """False only makes the flow, to be looked at and edited first."""


@router.get("/flows/{uuid:flow_id}/improvement")
def get_plan(request: HttpRequest, flow_id: uuid.UUID, choices: Query[Choices]) -> dict[str, Any]:
    """How much feedback there is, what it would train, and what is missing."""
    plan = plan_for(find_flow(request, flow_id))
    steps = plan.steps(**choices.dict())
    told = foretold(plan, steps)
    return {
        "model": plan.model.ref if plan.model else None,
        "feedback": {
            "ratings": plan.ratings,
            "people": plan.people,
            "pairs": plan.pairs,
            "demonstrations": plan.demonstrations,
            "prompts": plan.prompts,
        },
        "steps": [vars(step) for step in steps],
        "estimate": vars(told) if told else None,
        "cautions": list(plan.cautions),
        "missing": list(plan.missing),
    }


@router.get("/flows/{uuid:flow_id}/improvements")
def list_improvements(request: HttpRequest, flow_id: uuid.UUID) -> list[dict[str, Any]]:
    """The newest hundred."""
    flow = find_flow(request, flow_id)
    found = Improvement.objects.visible_to(request.asker).filter(flow=flow).select_related("run")
    return [row(improvement) for improvement in found[:100]]


@router.post("/flows/{uuid:flow_id}/improvements", response={202: dict[str, Any]})
def start_improvement(request: HttpRequest, flow_id: uuid.UUID, body: NewImprovement) -> Any:
    """Make the flow that trains, and run it: watch its run, and its jobs, as any other."""
    flow = find_flow(request, flow_id)
    if not request.asker.can_edit:
        raise ApiError("forbidden", "Your role may not train models; ask an editor of the workspace.", 403)
    return Status(202, row(services.improve(asker=request.asker, flow=flow, **body.dict())))


@router.get("/improvements/{uuid:improvement_id}")
def get_improvement(request: HttpRequest, improvement_id: uuid.UUID) -> dict[str, Any]:
    """With its stages, each with the job that it waits for."""
    visible = Improvement.objects.visible_to(request.asker).select_related("run")
    improvement = visible.filter(pk=improvement_id).first()
    if improvement is None:
        raise ApiError("not_found", "There is no such improvement, or it is not yours.", 404)
    told = [
        {
            "node": stage.node,
            "label": stage.label,
            "status": stage.status,
            "error": stage.error,
            "job": str(stage.job.pk) if stage.job else None,
            "version": stage.job.result.ref if stage.job and stage.job.result else None,
            "passed": stage.passed,
            "refusals": stage.refusals,
        }
        for stage in stages(improvement)
    ]
    return {**row(improvement), "stages": told}


def row(improvement: Improvement) -> dict[str, Any]:
    return {
        "id": str(improvement.pk),
        "flow": str(improvement.flow_id),
        "trainer": str(improvement.trainer_id) if improvement.trainer_id else None,
        "run": str(improvement.run_id) if improvement.run_id else None,
        "status": improvement.run.status if improvement.run else "made",
        "reply": improvement.run.reply if improvement.run else "",
        "created_at": improvement.created_at,
    }
