"""The pages of training: the jobs; a job with its curves, alarms, answers and log; what is done to it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.fragments import is_partial
from flowbuilder.training import services
from flowbuilder.training.comparing import MOST, all_settings, compared
from flowbuilder.training.curves import SMOOTHING, Series, grouped, rows_of
from flowbuilder.training.devices import known
from flowbuilder.training.duration import seconds_left, spoken
from flowbuilder.training.facts import facts
from flowbuilder.training.forms import PriorityForm
from flowbuilder.training.logs import readable
from flowbuilder.training.models import Job, JobStatus, Recipe
from flowbuilder.training.queue import position
from flowbuilder.training.samples import by_prompt

must_edit = page_must(edits)

NOT_ORDERED_HERE = {Recipe.EVALUATE}
RELATED = ("base__model", "result__model", "run__flow", "dataset_version__dataset")


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def job_list(request: HttpRequest) -> HttpResponse:
    """The jobs; to htmx their table alone, which it asks for while one of them goes on."""
    jobs = list(jobs_of(request).defer("data")[:200])
    for job in jobs:
        job.place = position(job)
    page = {
        "jobs": jobs,
        "going_on": any(not job.ended and job.status != JobStatus.PAUSED for job in jobs),
        "devices": known().select_related("job"),
    }
    return render(request, "training/jobs.html" if is_partial(request) else "training/list.html", page)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def job_detail(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """A job; to htmx its live part alone."""
    return shown(request, find(request, job_id))


def shown(request: HttpRequest, job: Job, refused: ApiError | None = None) -> HttpResponse:
    page = {**live(request, job), "refused": refused.message if refused else ""}
    status = refused.status if refused else 200
    if request.htmx:
        return render(request, "training/live.html", page, status=status)
    whole = {"settings": list(all_settings(job).items()), "again": job.recipe not in NOT_ORDERED_HERE}
    return render(request, "training/job.html", page | whole, status=status)


@login_required
@require_GET
def log(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = find(request, job_id)
    page = {"job": job, "text": readable(job.folder)}
    return render(request, "training/log.html" if is_partial(request) else "training/log_page.html", page)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def comparison(request: HttpRequest) -> HttpResponse:
    """Up to six jobs over each other; with fewer than two, which there are to choose from."""
    ids = request.GET.getlist("job")
    page: dict[str, Any] = {"jobs": jobs_of(request).defer("data")[:100], "ids": ids, "most": MOST}
    try:
        found = compared(request.asker, ids)
    except ApiError as refused:
        status = refused.status if ids else 200
        page["refused"] = refused.message if ids else ""
        return render(request, "training/comparison.html", page, status=status)
    smoothing = smoothing_of(request)
    groups = grouped(found.series, smoothing=SMOOTHING[smoothing])
    page |= {"found": found, "groups": groups, "smoothing": smoothing, "legend": True}
    page |= {"page": reverse("training:comparison"), "target": "#comparison"}
    partial = is_partial(request)
    return render(request, "training/compared.html" if partial else "training/comparison.html", page)


@login_required
@require_POST
def pause(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    return done_to(request, job_id, services.pause_job)


@login_required
@require_POST
def cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    return done_to(request, job_id, services.cancel_job)


@login_required
@require_POST
def resume(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    return done_to(request, job_id, services.resume_job)


@login_required
@require_POST
def priority(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    form = PriorityForm(request.POST)

    def change(job: Job) -> None:
        if not form.is_valid():
            raise ApiError("invalid", _("A priority is a whole number from -100 to 100."), 422)
        services.set_priority(job, form.cleaned_data["priority"])

    return done_to(request, job_id, change)


def done_to(request: HttpRequest, job_id: uuid.UUID, what: Callable[[Job], None]) -> HttpResponse:
    """The job's live part afterwards, or why it was refused."""
    job = find(request, job_id)
    must_edit(request)
    try:
        what(job)
    except ApiError as refused:
        return shown(request, job, refused)
    if request.htmx:
        return shown(request, find(request, job_id))
    return redirect("training:job", job_id)


def live(request: HttpRequest, job: Job) -> dict[str, Any]:
    alarms, rows, smoothing = list(job.alarms.all()), rows_of(job), smoothing_of(request)
    charts = [Series(str(job), rows)] if rows else []
    left = seconds_left(job) if job.status == JobStatus.RUNNING else None
    page = reverse("training:job", args=[job.pk])
    return {
        "job": job,
        "polled": job.status in {JobStatus.QUEUED, JobStatus.RUNNING},
        "page": page,
        "target": "#live",
        "here": page if smoothing == "0" else f"{page}?smoothing={smoothing}",
        "smoothing": smoothing,
        "alarms": alarms,
        "groups": grouped(charts, alarms=alarms, smoothing=SMOOTHING[smoothing]) if charts else [],
        "prompts": by_prompt(job),
        "facts": facts(job),
        "left": spoken(left) if left is not None else "",
        "place": position(job),
    }


def smoothing_of(request: HttpRequest) -> str:
    asked = request.GET.get("smoothing", "0")
    return asked if asked in SMOOTHING else "0"


def jobs_of(request: HttpRequest) -> Any:
    return Job.objects.visible_to(request.asker).select_related(*RELATED)


def find(request: HttpRequest, job_id: uuid.UUID) -> Job:
    return get_object_or_404(jobs_of(request), pk=job_id)
