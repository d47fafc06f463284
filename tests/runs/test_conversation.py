"""What a run remembers: earlier runs of its flow in its session, and variables."""

import pytest

from flowbuilder.flows.models import Flow
from flowbuilder.runs.context import context_for
from flowbuilder.runs.models import Run, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def run_of(workspace):
    def make(flow, session, question="", reply="", status=Status.FINISHED, **inputs):
        given = {"question": question} if question else inputs
        told = {"graph": {}, "inputs": given, "reply": reply, "status": status, "session": session}
        return Run.objects.create(workspace=workspace, flow=flow, **told)

    return make


@pytest.fixture
def flow(workspace):
    return Flow.objects.create(workspace=workspace, name="Talk", slug="talk")


def context(run):
    return context_for(run.workspace_id, run.pk, "memory", lambda *_: None, None, run)


async def said(run, most=9):
    return [(turn.question, turn.reply) for turn in await context(run).conversation.turns(most)]


@pytest.mark.django_db(transaction=True)
async def test_a_conversation_is_what_one_session_asked_one_flow(flow, workspace, run_of):
    from asgiref.sync import sync_to_async as later

    other = await later(Flow.objects.create)(workspace=workspace, name="Other", slug="other")
    for made in (
        (flow, "ann", "Hi", "Hello"),
        (flow, "ben", "Ben's", "secret"),
        (other, "ann", "Elsewhere", "secret"),
        (flow, "ann", "Broken", "", Status.FAILED),
    ):
        await later(run_of)(*made)
    await later(run_of)(flow, "ann", reply="Noted", name="Ada", shoe_size=41)
    now = await later(run_of)(flow, "ann", "Now", "", Status.RUNNING)
    assert await said(now) == [("Hi", "Hello"), ("name: Ada\nshoe size: 41", "Noted")]
    assert await said(now, 1) == [("name: Ada\nshoe size: 41", "Noted")]
    alone = await later(run_of)(flow, "", "Alone", "", Status.RUNNING)
    assert await said(alone) == []


@pytest.mark.django_db(transaction=True)
async def test_variables_of_a_run_of_a_session_and_of_the_workspace(flow, run_of):
    from asgiref.sync import sync_to_async as later

    first, second, other = [await later(run_of)(flow, name, "q", "a") for name in ("ann", "ann", "ben")]
    for scope in ("run", "session", "workspace"):
        await context(first).variables.change(scope, "it", lambda _, scope=scope: scope)
    held = [
        [await context(run).variables.read(scope, "it") for scope in ("run", "session", "workspace")]
        for run in (first, second, other)
    ]
    assert held == [
        ["run", "session", "workspace"],
        [None, "session", "workspace"],
        [None, None, "workspace"],
    ]
    await context(first).conversation.keep("summary", {"text": "a"})
    assert await context(second).conversation.recall("summary") == {"text": "a"}
    assert await context(other).conversation.recall("summary") is None


def test_a_run_that_is_no_run_remembers_nothing(workspace):
    made = context_for(workspace.pk, workspace.pk, "n", lambda *_: None)
    assert made.variables is None and made.conversation is None
