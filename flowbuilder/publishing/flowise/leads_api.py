"""Leads of a flow over our own HTTP API."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.api import find as find_flow
from flowbuilder.flows.api import must_edit
from flowbuilder.publishing.flowise.leads import forget
from flowbuilder.publishing.flowise.models import Lead

router = Router(tags=["publishing"])
MOST = 1000


@router.get("/flows/{uuid:flow_id}/leads")
def list_leads(request: HttpRequest, flow_id: uuid.UUID) -> list[dict[str, Any]]:
    """Who left how to reach them, the latest first."""
    flow = find_flow(request, flow_id)
    must_edit(request)
    return [row(lead) for lead in Lead.objects.filter(flow=flow)[:MOST]]


@router.delete("/flows/{uuid:flow_id}/leads/{uuid:lead_id}", response={204: None})
def delete_lead(request: HttpRequest, flow_id: uuid.UUID, lead_id: uuid.UUID) -> Any:
    """Forget somebody."""
    flow = find_flow(request, flow_id)
    must_edit(request)
    lead = Lead.objects.filter(flow=flow, pk=lead_id).first()
    if lead is None:
        raise ApiError("not_found", "This flow has no such lead.", 404)
    forget(asker=request.asker, lead=lead)
    return Status(204, None)


def row(lead: Lead) -> dict[str, Any]:
    named = {name: getattr(lead, name) for name in ("name", "email", "phone", "chat", "created_at")}
    return {"id": str(lead.pk), **named}
