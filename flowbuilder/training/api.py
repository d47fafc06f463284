"""Training jobs over HTTP."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.training import services
from flowbuilder.training.comparing import compared
from flowbuilder.training.devices import known, room
from flowbuilder.training.duration import seconds_left
from flowbuilder.training.logs import DOWNLOADED, readable
from flowbuilder.training.models import Job, JobStatus, Recipe
from flowbuilder.training.ordering import estimated, prepare, refusal
from flowbuilder.training.queue import position

must_edit = api_must(edits, "Your role may not train models; ask an editor of the workspace.")

router = Router(tags=["training"])
RELATED = ("base__model", "result__model", "dataset_version__dataset")
SAMPLE = ("step", "number", "prompt", "answer", "reward")


Priority = Annotated[int, Field(ge=-100, le=100)]
"""Of the waiting jobs the one with the highest goes first."""


class NewJob(Schema):
    recipe: Recipe
    model: str = Field("starter", max_length=120)
    settings: dict[str, Any] = Field(default_factory=dict)
    """As the training nodes' settings: steps, learning_rate, ..."""
    data: dict[str, Any]
    """``{"dataset": "support@3"}`` for the rows of that version; or its rows. sft: ``{"examples": [...]}``; reward_model, dpo, kto and orpo: ``{"pairs": [...]}``; grpo, rloo and ppo:
    ``{"prompts": [...], "rewards": [...], "reward_model": ref}``; classifier: ``{"labelled": [{"text",
    "label"}]}``; pretrain: ``{"texts": [...]}`` or ``{"examples": [...]}``, and no ``model``."""
    priority: Priority = 0
    processes: int = Field(1, ge=1, le=64)
    """How many train side by side, each on a GPU of its own."""


class NewPriority(Schema):
    priority: Priority


@router.get("/jobs")
def list_jobs(request: HttpRequest) -> list[dict[str, Any]]:
    jobs = Job.objects.visible_to(request.asker).select_related(*RELATED)
    return [job_row(job) for job in jobs[:200]]


@router.post("/jobs", response={202: dict[str, Any]})
def start_job(request: HttpRequest, body: NewJob) -> Any:
    must_edit(request)
    return Status(202, job_row(services.start_job(workspace_id=request.asker.workspace.pk, **body.dict())))


@router.post("/jobs/estimate")
def estimate_job(request: HttpRequest, body: NewJob) -> dict[str, Any]:
    """What an order would need, and why it would be refused, before it is given."""
    order = body.dict(exclude={"priority"})
    prepared = prepare(workspace_id=request.asker.workspace.pk, **order)
    why = refusal(prepared)
    return {"estimate": estimated(prepared), "room": room(), "fits": not why, "why": why}


@router.get("/jobs/comparison")
def compare_jobs(request: HttpRequest, job: list[str] = Query(...)) -> dict[str, Any]:
    """Two to six jobs side by side: the settings in which they differ, their last figures, and all their figures."""
    found = compared(request.asker, job)
    return {
        "jobs": [job_row(each) for each in found.jobs],
        "settings": {row.name: row.values for row in found.settings},
        "figures": {row.name: row.values for row in found.figures},
        "metrics": [[{"step": step, **values} for step, values in each.rows] for each in found.series],
    }


@router.get("/jobs/{uuid:job_id}")
def get_job(request: HttpRequest, job_id: uuid.UUID, after: int = Query(0, ge=0)) -> dict[str, Any]:
    """The job with its figures after step ``after`` and its sample answers."""
    job = find(request, job_id)
    metrics = [{"step": row.step, **row.values} for row in job.metrics.filter(step__gt=after)[:5000]]
    samples, alarms = job.samples.values(*SAMPLE)[:50], job.alarms.values("step", "kind", "message")
    return {**job_row(job), "metrics": metrics, "samples": list(samples), "alarms": list(alarms)}


@router.patch("/jobs/{uuid:job_id}")
def change_job(request: HttpRequest, job_id: uuid.UUID, body: NewPriority) -> dict[str, Any]:
    """Let a waiting job go before others, or behind them."""
    job = find(request, job_id)
    must_edit(request)
    services.set_priority(job, body.priority)
    return job_row(find(request, job_id))


@router.get("/jobs/{uuid:job_id}/samples")
def list_samples(
    request: HttpRequest, job_id: uuid.UUID, number: int | None = Query(None, ge=0), after: int = Query(-1)
) -> list[dict[str, Any]]:
    """Its answers on the way, oldest first; of one prompt with ``number``."""
    samples = find(request, job_id).samples.filter(step__gt=after)
    if number is not None:
        samples = samples.filter(number=number)
    return list(samples.order_by("step", "number").values(*SAMPLE)[:2000])


@router.get("/jobs/{uuid:job_id}/alarms")
def list_alarms(request: HttpRequest, job_id: uuid.UUID) -> list[dict[str, Any]]:
    """What looks wrong in it, in the order of steps."""
    return list(find(request, job_id).alarms.values("step", "kind", "message"))


@router.get("/jobs/{uuid:job_id}/log")
def get_log(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The end of what its process has printed, as plain text."""
    text = readable(find(request, job_id).folder, DOWNLOADED)
    headers = {"Content-Disposition": f'attachment; filename="job-{job_id}.log"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@router.post("/jobs/{uuid:job_id}/pause", response={202: dict[str, Any]})
def pause_job(request: HttpRequest, job_id: uuid.UUID) -> Any:
    """It finishes its step, writes a checkpoint and rests until it is resumed."""
    return done_to(request, job_id, services.pause_job)


@router.post("/jobs/{uuid:job_id}/cancellation", response={202: dict[str, Any]})
def cancel_job(request: HttpRequest, job_id: uuid.UUID) -> Any:
    """Stop it within seconds; its last checkpoint stays."""
    return done_to(request, job_id, services.cancel_job)


@router.post("/jobs/{uuid:job_id}/resumption", response={202: dict[str, Any]})
def resume_job(request: HttpRequest, job_id: uuid.UUID) -> Any:
    """Go on from the last checkpoint of a job that was paused, failed or was cancelled."""
    return done_to(request, job_id, services.resume_job)


def done_to(request: HttpRequest, job_id: uuid.UUID, what: Callable[[Job], None]) -> Any:
    job = find(request, job_id)
    must_edit(request)
    what(job)
    return Status(202, job_row(find(request, job_id)))


@router.get("/devices")
def list_devices(request: HttpRequest) -> list[dict[str, Any]]:
    """What the training workers can train on, and which of your jobs does so now."""
    own = set(
        Job.objects.visible_to(request.asker).filter(devices__isnull=False).values_list("pk", flat=True)
    )
    return [
        {
            "kind": device.kind,
            "name": device.name,
            "memory": device.memory,
            "busy": device.job_id is not None,
            "job": str(device.job_id) if device.job_id in own else None,
            "seen_at": device.seen_at,
        }
        for device in known()
    ]


def find(request: HttpRequest, job_id: uuid.UUID) -> Job:
    jobs = Job.objects.visible_to(request.asker).select_related(*RELATED)
    job = jobs.filter(pk=job_id).first()
    if job is None:
        raise ApiError("not_found", "There is no such job, or it is not yours.", 404)
    return job


def job_row(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "recipe": job.recipe,
        "base": job.base.ref if job.base else None,
        "settings": job.settings,
        "dataset": job.dataset_version.ref if job.dataset_version else None,
        "estimate": job.estimate,
        "status": job.status,
        "pause_requested": job.pause_requested,
        "cancel_requested": job.cancel_requested,
        "priority": job.priority,
        "processes": job.processes,
        "position": position(job),
        "error": job.error,
        "step": job.step,
        "steps": job.steps,
        "seconds_left": seconds_left(job) if job.status == JobStatus.RUNNING else None,
        "result": job.result.ref if job.result else None,
        "report": job.report,
        "run": str(job.run_id) if job.run_id else None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
    }
