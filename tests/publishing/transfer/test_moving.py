"""A flow moves to another workspace of one's own: with what it owns, without what it points at."""

import pytest
from django.test import Client

from flowbuilder.accounts.models import ApiKey, AuditEvent, Group, Membership, Role, Workspace
from flowbuilder.accounts.reach import Thing
from flowbuilder.comments.services import begin
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.publishing.usage.models import ModelUse, UsageRecord
from flowbuilder.runs.models import Run, Status
from flowbuilder.sharing.models import Right, Share
from flowbuilder.sharing.services import share_by_link, share_with_group
from tests.safety.world.named import BACKEND, ECHO


@pytest.fixture
def flow(workspace):
    base = KnowledgeBase.objects.create(workspace=workspace, name="Protocol")
    find = {"id": "find", "type": "knowledge.retrieve", "settings": {"base": str(base.pk)}}
    graph = {**ECHO, "nodes": [*ECHO["nodes"], find]}
    return Flow.objects.create(workspace=workspace, name="Desk", slug="desk", graph=graph)


@pytest.fixture
def elsewhere(owner):
    workspace = Workspace.objects.create(name="Elsewhere")
    Membership.objects.create(user=owner, workspace=workspace, role=Role.EDITOR)
    return workspace


@pytest.fixture
def client(owner):
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return client


def move(client, flow, workspace):
    path = f"/api/flows/{flow.pk}/transfer"
    return client.post(path, {"workspace": str(workspace.pk)}, content_type="application/json")


def test_it_says_before_what_does_not_come_along(client, asker, flow, elsewhere):
    ApiKey.issue(asker.workspace, asker.user, "ci", flow)
    told = client.get(f"/api/flows/{flow.pk}/transfer").json()
    assert [one["name"] for one in told["workspaces"]] == ["Elsewhere"]
    assert [(one["node"], one["kind"]) for one in told["left_behind"]] == [("find", "knowledge")]
    assert told["keys"] == ["ci"]
    page = client.get(f"/publishing/{flow.pk}/transfer/").content.decode()
    assert "What does not come along" in page and "Elsewhere" in page


def test_it_moves_with_all_that_it_owns(client, asker, flow, elsewhere):
    Flow.objects.create(workspace=elsewhere, name="Another", slug="desk")
    run = Run.objects.create(
        workspace=asker.workspace, flow=flow, graph=ECHO, status=Status.FINISHED, idempotency_key="monday"
    )
    told = {"workspace": asker.workspace, "day": run.created_at.date()}
    record = UsageRecord.objects.create(
        **told, id=run.pk, at=run.created_at, flow=flow, outside=False, cost=2
    )
    ModelUse.objects.create(**told, record=record, model="starter@1", cost=2)
    thread = begin(asker=asker, flow=flow, node="prompt", text="Why?")
    key, _ = ApiKey.issue(asker.workspace, asker.user, "ci", flow)
    group = Group.objects.create(workspace=asker.workspace, name="Night shift")
    share_with_group(asker=asker, thing=Thing("flow", flow.pk), group=group, right=Right.VIEW)
    share_by_link(asker=asker, thing=Thing("flow", flow.pk), right=Right.VIEW)
    answer = client.post(f"/publishing/{flow.pk}/transfer/", {"workspace": str(elsewhere.pk)})
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200  # the browser went along
    flow.refresh_from_db()
    assert (flow.workspace, flow.slug) == (elsewhere, "desk-2")
    for row in (run, thread, key):
        row.refresh_from_db()
    assert run.workspace == thread.workspace == elsewhere and key.revoked_at
    there = client.get("/api/usage?by=model").json()
    assert [(row["model"], row["cost"]) for row in there["rows"]] == [("starter@1", there["totals"]["cost"])]
    (share,) = Share.objects.all()
    assert share.is_link and share.workspace == elsewhere
    assert set(AuditEvent.objects.values_list("workspace__name", "action")) >= {
        ("Depot", "flow.moved_away"),
        ("Elsewhere", "flow.moved_here"),
    }


def test_it_goes_only_where_one_may_write_and_not_while_it_runs(client, asker, flow, elsewhere):
    strange = Workspace.objects.create(name="Strange")
    assert move(client, flow, strange).status_code == 404
    assert move(client, flow, asker.workspace).status_code == 404
    Run.objects.create(workspace=asker.workspace, flow=flow, graph=ECHO, status=Status.WAITING)
    refused = move(client, flow, elsewhere)
    assert refused.status_code == 409 and "goes on" in refused.json()["error"]["message"]
    Membership.objects.filter(workspace=elsewhere).update(role=Role.RUNNER)
    assert move(client, flow, elsewhere).status_code == 404


def test_a_key_moves_nothing_away(asker, flow, elsewhere):
    _, secret = ApiKey.issue(asker.workspace, asker.user, "ci")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert move(client, flow, elsewhere).status_code == 404
