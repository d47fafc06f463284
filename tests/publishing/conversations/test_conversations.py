"""Conversations of every door: listed with their ratings, read, sent on, deleted with all that was said."""

import json

import pytest

from flowbuilder.accounts.models import ApiKey, AuditEvent
from flowbuilder.feedback.models import Rating
from flowbuilder.feedback.queue import unrated
from flowbuilder.publishing.models import Turn
from flowbuilder.publishing.usage.models import UsageRecord
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import Run, Status
from flowbuilder.testcases.models import TestCase
from flowbuilder.variables.models import Scope, Variable

pytestmark = pytest.mark.django_db
VISITED = "00000000-0000-0000-0000-000000000000"


def answered(run: Run, reply: str = "At the gate.") -> Run:
    Run.objects.filter(pk=run.pk).update(status=Status.FINISHED, reply=reply)
    run.refresh_from_db()
    node = next(node["id"] for node in run.graph["nodes"] if node["type"] == "flow.reply")
    run.events.create(seq=1, type="node.finished", node=node, data={"outputs": {"out": reply}}, at=0)
    return run


@pytest.fixture
def key(asker):
    return ApiKey.issue(asker.workspace, asker.user, "CI")[0].asker()


@pytest.fixture
def turns(live_flow, visit):
    """Two of a visitor; the first was found wanting."""
    for question in ("Where is it?", "Since when?"):
        assert visit.ask(question).status_code == 202
    found = [answered(run) for run in Run.objects.order_by("created_at")]
    assert visit.send("put", f"/{found[0].pk}/rating", {"up": False, "reason": "wrong"}).status_code == 204
    return found


def test_each_door_s_conversations_are_told(asker, live_flow, turns, key, api_client):
    more = {"flow": live_flow, "version": live_flow.published_version}
    for session in ("mine", "mine", ""):
        runs.submit(asker=key, inputs={"question": "Hi"}, session=session, **more)
    runs.submit(
        asker=asker, inputs={"question": "drawn"}, flow=live_flow
    )  # in the editor: nobody's conversation
    client = api_client(asker.user)
    listed = client.get("/api/conversations").json()
    assert sorted((row["door"], row["turns"]) for row in listed) == [("api", 1), ("api", 2), ("page", 2)]
    visited = next(row for row in listed if row["door"] == "page")
    assert (visited["conversation"], visited["ratings"]) == (VISITED, {"all": 1, "up": 0, "down": 1})
    only = [client.get("/api/conversations", {"rated": said}).json() for said in ("down", "up", "unrated")]
    assert [len(rows) for rows in only] == [1, 0, 2]
    assert len(client.get("/conversations/?door=page").context["rows"]) == 1
    told = client.get(f"/api/flows/{live_flow.pk}/conversation", {"conversation": VISITED}).json()
    assert [(turn["asked"], turn["reply"]) for turn in told] == [
        ("Where is it?", "At the gate."),
        ("Since when?", "At the gate."),
    ]
    assert told[0]["ratings"][0]["reason"] == "wrong"
    page = client.get(f"/conversations/{live_flow.pk}/", {"conversation": VISITED}).content.decode()
    assert "Where is it?" in page and "At the gate." in page
    lines = b"".join(client.get("/api/conversations/export").streaming_content).splitlines()
    assert sum(len(json.loads(line)["turns"]) for line in lines) == 5


def send(client, run, **body):
    return client.post(f"/api/runs/{run.pk}/sending", body, content_type="application/json").status_code


def test_a_turn_is_sent_on(asker, teammate, turns, api_client):
    client = api_client(asker.user)
    assert send(client, turns[0], to="tests") == send(client, turns[0], to="review") == 204
    case = TestCase.objects.get()
    assert (case.question, case.expected_answer) == ("Where is it?", "At the gate.")
    assert unrated(asker).first() == turns[0]  # though the other one is newer
    assert send(client, turns[1], to="correction", answer="At the dock.") == 204
    assert Rating.objects.get(run=turns[1]).correction == "At the dock."
    assert send(client, turns[1], to="correction", answer="") == 422


def test_deleted_is_all_that_was_said(asker, live_flow, turns, api_client, visit):
    session = turns[0].session
    holder = f"{live_flow.pk}:{session}"
    about = {"workspace": asker.workspace, "flow": live_flow, "scope": Scope.SESSION, "holder": holder}
    Variable.objects.create(name="memory of m", value="asks for parcels", **about)
    path = f"/api/flows/{live_flow.pk}/conversation?conversation={VISITED}"
    assert api_client(asker.user).delete(path).status_code == 204
    gone = (Run, Turn, Rating, Variable)
    assert [model.objects.count() for model in gone] == [0] * 4
    assert set(UsageRecord.objects.values_list("visitor", flat=True)) == {""}
    assert UsageRecord.objects.count() == 2
    assert AuditEvent.objects.get(action="conversation.deleted").details == {"turns": 2}
    assert api_client(asker.user).delete(path).status_code == 404
