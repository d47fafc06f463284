"""Test sets over HTTP."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts import audit
from flowbuilder.flows.api import find as find_flow
from flowbuilder.knowledge.api import find as find_base
from flowbuilder.testcases import services
from flowbuilder.testcases.api.finding import find, must_edit
from flowbuilder.testcases.models import TestRunStatus, TestSet

router = Router(tags=["tests"])


class NewSet(Schema):
    name: str = Field(min_length=1, max_length=100)
    base: uuid.UUID | None = None
    flow: uuid.UUID | None = None


@router.get("/test-sets")
def list_test_sets(request: HttpRequest) -> list[dict[str, Any]]:
    return [set_row(found) for found in TestSet.objects.visible_to(request.asker)[:500]]


@router.post("/test-sets", response={201: dict[str, Any]})
def create_test_set(request: HttpRequest, body: NewSet) -> Any:
    """For a base (what is found), a flow (what is answered), or both."""
    base = find_base(request, body.base) if body.base else None
    flow = find_flow(request, body.flow) if body.flow else None
    must_edit(request)
    return Status(
        201, set_row(services.create_set(asker=request.asker, name=body.name, base=base, flow=flow))
    )


@router.get("/test-sets/{uuid:set_id}")
def get_test_set(request: HttpRequest, set_id: uuid.UUID) -> dict[str, Any]:
    return set_row(find(request, set_id))


@router.delete("/test-sets/{uuid:set_id}", response={204: None})
def delete_test_set(request: HttpRequest, set_id: uuid.UUID) -> Any:
    test_set = find(request, set_id)
    must_edit(request)
    audit.delete(asker=request.asker, thing=test_set, kind="test_set")
    return Status(204, None)


def set_row(test_set: TestSet) -> dict[str, Any]:
    newest = test_set.runs.filter(status=TestRunStatus.FINISHED).first()
    return {
        "id": str(test_set.pk),
        "name": test_set.name,
        "base": str(test_set.base_id) if test_set.base_id else None,
        "flow": str(test_set.flow_id) if test_set.flow_id else None,
        "cases": test_set.cases.count(),
        "metrics": newest.metrics if newest else None,
        "created_at": test_set.created_at,
    }
