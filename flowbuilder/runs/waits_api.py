"""What the flows of a workspace wait for people for, over HTTP."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from flowbuilder.runs import approvals
from flowbuilder.runs.models import Wait

router = Router(tags=["runs"])


@router.get("/waits")
def list_waits(request: HttpRequest) -> list[dict[str, Any]]:
    """Approvals that are waited for, the oldest first."""
    return [row(wait) for wait in approvals.open_to(request.asker)[:200]]


def row(wait: Wait) -> dict[str, Any]:
    return {
        "run": str(wait.run_id),
        "node": wait.node_id,
        "flow": {"id": str(wait.run.flow_id), "name": wait.run.flow.name},
        "about": {name: value for name, value in wait.about.items() if name != "then"},
        "due_at": wait.due_at,
    }
