"""A flow's page of leads: listed, exported, forgotten."""

from __future__ import annotations

import csv
import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from flowbuilder.publishing.flowise.leads import forget
from flowbuilder.publishing.flowise.models import Lead
from flowbuilder.publishing.rights import find, must_edit

COLUMNS = ("created_at", "name", "email", "phone", "chat")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_SHOWN = 500


@login_required
@never_cache
@require_GET
def leads(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = find(request, flow_id)
    must_edit(request)
    found = Lead.objects.filter(flow=flow)[:MOST_SHOWN]
    return render(request, "releases/leads.html", {"flow": flow, "leads": found})


@login_required
@never_cache
@require_GET
def export(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = find(request, flow_id)
    must_edit(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{flow.slug}-contacts.csv"'
    lines = csv.writer(answer)
    lines.writerow(COLUMNS)
    for lead in Lead.objects.filter(flow=flow).iterator():
        lines.writerow([as_text(str(getattr(lead, name))) for name in COLUMNS])
    return answer


@login_required
@require_POST
def delete(request: HttpRequest, flow_id: uuid.UUID, lead_id: uuid.UUID) -> HttpResponse:
    flow = find(request, flow_id)
    must_edit(request)
    forget(asker=request.asker, lead=get_object_or_404(Lead, flow=flow, pk=lead_id))
    return redirect("releases:leads", flow.pk)


def as_text(said: str) -> str:
    """A stranger's words are no formula to whoever opens the file in a spreadsheet."""
    return f"'{said}" if said.startswith(FORMULA) else said
