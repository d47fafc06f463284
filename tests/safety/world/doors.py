"""The ways into a flow from outside, and what came through them."""

import uuid
from typing import Any

from django.core import signing

from flowbuilder.accounts.models import Asker, Role, User, Workspace
from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.flows.models import Flow
from flowbuilder.importing import services as imports
from flowbuilder.publishing import visitors
from flowbuilder.publishing.callbacks.models import Callback, Delivery, State
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.flowise.models import Lead
from flowbuilder.publishing.models import Doors, Turn, Via
from flowbuilder.publishing.openai.models import StoredResponse
from flowbuilder.publishing.usage.models import Price
from flowbuilder.runs.models import Run, RunEvent, Status
from tests.safety.world.flows import make_run
from tests.safety.world.named import FLOW_SECRET

VISITOR = uuid.UUID(int=7)
AN_EXPORT = b'{"nodes": [{"id": "start", "data": {"name": "startAgentflow", "label": "heron"}}], "edges": []}'


def make_doors(flow: Flow) -> Doors:
    """All open. The page tells what the owner wrote for it, and not even the flow's name."""
    wide = {"page": True, "embed": True, "mcp": True, "flowise": True, "flowise_leads": True, "pairs": True}
    wide |= {"visitor_rate": 1000, "flow_rate": 10_000}
    return Doors.objects.create(workspace=flow.workspace, flow=flow, title="Parcel desk", **wide)


def pass_of(doors: Doors) -> str:
    said = {"visitor": VISITOR.hex, "doors": doors.pk.hex, "via": Via.PAGE, "site": ""}
    return signing.dumps(said, salt=visitors.SALT)


def make_flowise_chat(doors: Doors) -> dict[str, Any]:
    """A message of a key's chat, with what was thought of it under the flow's own id: both stand in one address."""
    caller = Caller(doors, Asker(None, doors.workspace, Role.RUNNER), "", "")
    turn = make_turn(doors)
    Turn.objects.filter(pk=turn.pk).update(via=Via.FLOWISE, conversation=caller.conversation("c-1"))
    said = {"prompt": "Where is my parcel?", "answer": FLOW_SECRET, "kind": Kind.THUMBS, "up": True}
    owned = {"workspace": doors.workspace, "flow": doors.flow}
    Rating.objects.create(pk=doors.flow_id, run=turn.run, **owned, **said)
    lead = Lead.objects.create(**owned, chat="c-2", email=f"{FLOW_SECRET}@example.test")
    return {
        "chat_id": "c-1",
        "message_id": turn.pk,
        "subject": doors.flow_id,
        "lead_id": lead.pk,
    }


def make_turn(doors: Doors) -> Turn:
    """What the visitor asked, and was answered; the run's other nodes said what is not for them."""
    run = make_run(doors.flow, status=Status.FINISHED, inputs={"question": "Where is it?"})
    RunEvent.objects.create(run=run, seq=2, type="run.finished", data={"reply": "At the gate."}, at=0)
    Run.objects.filter(pk=run.pk).update(reply="At the gate.")
    asked = {"visitor": VISITOR, "conversation": VISITOR, "via": Via.PAGE}
    return Turn.objects.create(workspace=doors.workspace, flow=doors.flow, run=run, **asked)


def make_callback(flow: Flow, run: Run) -> dict[str, Any]:
    told = {"workspace": flow.workspace, "flow": flow}
    callback = Callback.objects.create(**told, url="https://hooks.example.com/runs")
    delivery = Delivery.objects.create(**told, callback=callback, run=run, state=State.FAILED, body="{}")
    return {"callback_id": callback.pk, "delivery_id": delivery.pk}


def make_response(flow: Flow) -> StoredResponse:
    run = make_run(flow, status=Status.FINISHED)
    told = {"asked": {"background": True}, "messages": [{"role": "user", "content": FLOW_SECRET}]}
    return StoredResponse.objects.create(workspace=flow.workspace, flow=flow, run=run, **told)


def make_price(workspace: Workspace) -> dict[str, Any]:
    price = Price.objects.create(workspace=workspace, model="priced")
    return {"price_id": price.pk, "model_name": price.model}


def make_import(workspace: Workspace, owner: User) -> uuid.UUID:
    asker = Asker(user=owner, workspace=workspace, role=Role.OWNER)
    return imports.preview(asker=asker, files=[("flow.json", AN_EXPORT)]).pk
