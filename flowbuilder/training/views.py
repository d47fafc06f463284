"""The pages of training: the jobs; a job with its curves and sample answers."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.fragments import is_partial
from flowbuilder.training import services
from flowbuilder.training.curves import curves
from flowbuilder.training.models import Job


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def job_list(request: HttpRequest) -> HttpResponse:
    """The jobs; to htmx their table alone, which it asks for while one of them goes on."""
    jobs = list(jobs_of(request)[:200])
    page = {"jobs": jobs, "going_on": any(not job.ended for job in jobs)}
    return render(request, "training/jobs.html" if is_partial(request) else "training/list.html", page)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def job_detail(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """A job; to htmx its live part alone."""
    page = live(find(request, job_id))
    return render(request, "training/live.html" if is_partial(request) else "training/job.html", page)


@login_required
@require_POST
def cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = find(request, job_id)
    must_edit(request)
    services.cancel_job(job)
    return after_change(request, job)


@login_required
@require_POST
def resume(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = find(request, job_id)
    must_edit(request)
    try:
        services.resume_job(job)
    except ApiError as refused:
        return render(request, "training/live.html", {**live(job), "refused": refused.message}, status=409)
    return after_change(request, job)


def after_change(request: HttpRequest, job: Job) -> HttpResponse:
    if request.htmx:
        return render(request, "training/live.html", live(find(request, job.pk)))
    return redirect("training:job", job.pk)


def live(job: Job) -> dict[str, Any]:
    rows = list(job.metrics.values_list("step", "values"))
    return {"job": job, "curves": curves(rows), "samples": job.samples.all()[:8]}


def jobs_of(request: HttpRequest) -> Any:
    jobs = Job.objects.visible_to(request.asker)
    return jobs.select_related("base__model", "result__model", "run__flow")


def find(request: HttpRequest, job_id: uuid.UUID) -> Job:
    return get_object_or_404(jobs_of(request), pk=job_id)


def must_edit(request: HttpRequest) -> None:
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied
