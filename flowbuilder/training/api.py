"""Training jobs over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.training import services
from flowbuilder.training.models import Job, Recipe

router = Router(tags=["training"])


class NewJob(Schema):
    recipe: Recipe
    model: str = Field("starter", max_length=120)
    settings: dict[str, Any] = Field(default_factory=dict)
    """As the training nodes' settings: steps, learning_rate, ..."""
    data: dict[str, Any]
    """sft: ``{"examples": [...]}``; reward_model, dpo, kto and orpo: ``{"pairs": [...]}``; grpo, rloo and ppo:
    ``{"prompts": [...], "rewards": [...], "reward_model": ref}``."""


@router.get("/jobs")
def list_jobs(request: HttpRequest) -> list[dict[str, Any]]:
    jobs = Job.objects.visible_to(request.asker).select_related("base__model", "result__model")
    return [job_row(job) for job in jobs[:200]]


@router.post("/jobs", response={202: dict[str, Any]})
def start_job(request: HttpRequest, body: NewJob) -> Any:
    must_edit(request)
    return Status(202, job_row(services.start_job(workspace_id=request.asker.workspace.pk, **body.dict())))


@router.get("/jobs/{uuid:job_id}")
def get_job(request: HttpRequest, job_id: uuid.UUID, after: int = Query(0, ge=0)) -> dict[str, Any]:
    """The job with its figures after step ``after`` and its sample answers."""
    job = find(request, job_id)
    metrics = [{"step": row.step, **row.values} for row in job.metrics.filter(step__gt=after)[:5000]]
    samples = list(job.samples.values("step", "prompt", "answer", "reward")[:50])
    return {**job_row(job), "metrics": metrics, "samples": samples}


@router.post("/jobs/{uuid:job_id}/cancellation", response={202: dict[str, Any]})
def cancel_job(request: HttpRequest, job_id: uuid.UUID) -> Any:
    job = find(request, job_id)
    must_edit(request)
    services.cancel_job(job)
    return Status(202, job_row(find(request, job_id)))


@router.post("/jobs/{uuid:job_id}/resumption", response={202: dict[str, Any]})
def resume_job(request: HttpRequest, job_id: uuid.UUID) -> Any:
    """Go on from the last checkpoint of a job that failed or was cancelled."""
    job = find(request, job_id)
    must_edit(request)
    services.resume_job(job)
    return Status(202, job_row(find(request, job_id)))


def find(request: HttpRequest, job_id: uuid.UUID) -> Job:
    jobs = Job.objects.visible_to(request.asker).select_related("base__model", "result__model")
    job = jobs.filter(pk=job_id).first()
    if job is None:
        raise ApiError("not_found", "There is no such job, or it is not yours.", 404)
    return job


def must_edit(request: HttpRequest) -> None:
    if not request.asker.can_edit:
        raise ApiError("forbidden", "Your role may not train models; ask an editor of the workspace.", 403)


def job_row(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "recipe": job.recipe,
        "base": job.base.ref if job.base else None,
        "settings": job.settings,
        "estimate": job.estimate,
        "status": job.status,
        "error": job.error,
        "step": job.step,
        "steps": job.steps,
        "result": job.result.ref if job.result else None,
        "report": job.report,
        "run": str(job.run_id) if job.run_id else None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
    }
