"""A flow and what hangs on it: runs, doors and who came through them, opinions, comments."""

from typing import Any

from flowbuilder.accounts.models import User, Workspace
from flowbuilder.comments.models import Comment, Thread
from flowbuilder.feedback.models import Comparison, Gold, Kind, Rating
from flowbuilder.flows.models import Flow, FlowVersion, SavedTemplate
from flowbuilder.prompting.models import PromptSearch
from flowbuilder.publishing.models import Schedule, Webhook
from flowbuilder.runs.models import Run, RunEvent, Status, Wait
from tests.safety.world.named import ECHO, FLOW_SECRET


def make_flow(workspace: Workspace, name: str, slug: str) -> Flow:
    flow = Flow.objects.create(workspace=workspace, name=name, slug=slug, graph=ECHO)
    flow.published_version = FlowVersion.objects.create(flow=flow, number=1, graph=ECHO)
    flow.save()
    return flow


def make_run(flow: Flow, **fields: Any) -> Run:
    told = {"graph": ECHO, "inputs": {"question": FLOW_SECRET}, "reply": FLOW_SECRET, **fields}
    run = Run.objects.create(workspace=flow.workspace, flow=flow, **told)
    said = {"outputs": {"out": FLOW_SECRET}}
    RunEvent.objects.create(run=run, seq=1, type="node.finished", node="reply", data=said, at=0)
    return run


def make_triggers(flow: Flow) -> dict[str, Any]:
    about = {"workspace": flow.workspace, "flow": flow}
    hook = Webhook.objects.create(**about, node_id="hook")
    schedule = Schedule.objects.create(**about, node_id="clock", cron="0 9 * * *", time_zone="UTC")
    return {"hook_id": hook.pk, "schedule_id": schedule.pk}


def make_wait(flow: Flow) -> dict[str, Any]:
    """Somebody of the owner's workspace has to approve."""
    about = {"kind": "approval", "question": FLOW_SECRET, "details": FLOW_SECRET, "form": None}
    parked = make_run(flow, status=Status.WAITING)
    wait = Wait.objects.create(run=parked, node_id="ask", key="of a parked run", about=about)
    return {"wait_id": wait.pk}


def make_feedback(flow: Flow, rater: User) -> dict[str, Any]:
    """Somebody's rating, and a comparison that waits for a verdict."""
    left, right = (make_run(flow, status=Status.FINISHED) for _ in range(2))
    comparison = Comparison.objects.create(workspace=flow.workspace, flow=flow, left=left, right=right)
    rating = Rating.objects.create(
        workspace=flow.workspace,
        flow=flow,
        run=left,
        node_id="start",
        person=rater,
        kind=Kind.THUMBS,
        up=True,
        prompt=FLOW_SECRET,
        answer=FLOW_SECRET,
    )
    gold = Gold.objects.create(
        workspace=flow.workspace, flow=flow, prompt=FLOW_SECRET, answer=FLOW_SECRET, up=False
    )
    return {
        "comparison_id": comparison.pk,
        "rating_id": rating.pk,
        "gold_id": gold.pk,
        "item_id": gold.pk,
    }


def make_search(flow: Flow) -> Any:
    told = {"start": FLOW_SECRET, "found": {"best": FLOW_SECRET}}
    where = {"node": "prompt", "setting": "template"}
    search = PromptSearch.objects.create(workspace=flow.workspace, flow=flow, graph=ECHO, **where, **told)
    return search.pk


def make_template(flow: Flow) -> Any:
    graph = {**ECHO, "nodes": [{**node, "label": FLOW_SECRET} for node in ECHO["nodes"]]}
    return SavedTemplate.objects.create(workspace=flow.workspace, title=FLOW_SECRET, graph=graph).pk


def make_thread(flow: Flow, person: User) -> dict[str, Any]:
    thread = Thread.objects.create(workspace=flow.workspace, flow=flow, node="prompt", label="prompt")
    Comment.objects.create(thread=thread, person=person, name="The admin", text=FLOW_SECRET)
    return {"thread_id": thread.pk}
