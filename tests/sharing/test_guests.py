"""What a share gives, and what it does not: through the doors that browsers use."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from flowbuilder.accounts.models import AuditEvent, Group, Membership, Role, User, Workspace
from flowbuilder.accounts.reach import Thing
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.sharing import services
from flowbuilder.sharing.models import LOCKED_FOR, WRONG_TRIES, Right, Share
from tests.safety.world.named import BACKEND, ECHO

RETRIEVE = {"id": "find", "type": "knowledge.retrieve", "settings": {}}


@pytest.fixture
def flow(workspace):
    return Flow.objects.create(workspace=workspace, name="Desk", slug="desk", graph=ECHO)


@pytest.fixture
def base(workspace):
    return KnowledgeBase.objects.create(workspace=workspace, name="Protocol")


@pytest.fixture
def guest(db):
    """Somebody of another workspace."""
    user = User.objects.create_user("guest@example.test", "correct horse battery", name="Grace")
    Membership.objects.create(
        user=user, workspace=Workspace.objects.create(name="Elsewhere"), role=Role.OWNER
    )
    return user


def browser(user: User | None = None) -> Client:
    client = Client()
    if user:
        client.force_login(user, backend=BACKEND)
    return client


def share(asker, flow, guest, right=Right.VIEW) -> Share:
    thing = Thing("flow", flow.pk)
    return services.share_with_person(asker=asker, thing=thing, person=guest, right=right)


def send(client, method, path, body):
    return getattr(client, method)(path, body, content_type="application/json")


def edits(flow, *changes, number=1, name=None):
    return {"client": "tab", "number": number, "revision": 1, "changes": list(changes), "name": name}


def test_who_views_sees_the_flow_and_changes_nothing(asker, flow, guest):
    assert browser(guest).get(f"/flows/{flow.pk}/").status_code == 404
    share(asker, flow, guest)
    client = browser(guest)
    page = client.get(f"/flows/{flow.pk}/")
    assert page.status_code == 200 and 'data-can-edit="false"' in page.content.decode()
    assert client.get(f"/api/flows/{flow.pk}").json()["name"] == "Desk"
    assert send(client, "post", f"/api/flows/{flow.pk}/edits", edits(flow, name="Mine")).status_code == 403
    assert send(client, "post", f"/api/flows/{flow.pk}/runs", {}).status_code == 403
    assert [row["name"] for row in client.get("/api/flows").json()] == []
    assert "Desk" in client.get("/shared/").content.decode()


def test_a_right_is_raised_and_taken_away(asker, flow, guest):
    given = share(asker, flow, guest)
    client = browser(guest)
    assert share(asker, flow, guest, Right.EDIT).pk == given.pk
    assert send(client, "post", f"/api/flows/{flow.pk}/edits", edits(flow, name="Ours")).status_code == 200
    assert client.delete(f"/api/flows/{flow.pk}").status_code == 403
    services.end(asker=asker, share=given)
    assert client.get(f"/api/flows/{flow.pk}").status_code == 404
    told = list(AuditEvent.objects.order_by("created_at").values_list("action", flat=True))
    assert told == ["share.given", "share.changed", "share.ended"]


def test_a_guest_wires_in_nothing_that_the_flow_does_not_use(asker, flow, base, guest):
    share(asker, flow, guest, Right.EDIT)
    client = browser(guest)
    node = {**RETRIEVE, "settings": {"base": str(base.pk)}}
    added = {"path": ["nodes", "find"], "value": node}
    refused = send(client, "post", f"/api/flows/{flow.pk}/edits", edits(flow, added))
    assert refused.status_code == 403 and "not part of this flow" in refused.json()["error"]["message"]
    graph = {**ECHO, "nodes": [*ECHO["nodes"], node]}
    for method, path, body in (
        ("put", "", {"graph": graph, "revision": 1}),
        ("post", "/runs", {"graph": graph}),
    ):
        assert send(client, method, f"/api/flows/{flow.pk}{path}", body).status_code == 403
    told = send(client, "post", f"/api/flows/{flow.pk}/validate", {"graph": graph}).content.decode()
    assert "not part of this flow" in told and "Protocol" not in told
    # Once the flow uses it, it is part of what was shared; so is a second node that asks the same base.
    Flow.objects.filter(pk=flow.pk).update(graph=graph)
    twice = {"path": ["nodes", "again"], "value": {**node, "id": "again"}}
    assert (
        send(client, "post", f"/api/flows/{flow.pk}/edits", edits(flow, twice, number=2)).status_code == 200
    )


@pytest.mark.parametrize(
    "kind, settings",
    [
        ("tools.sql_query", {"database": "orders", "sql": "SELECT 1"}),
        ("flow.read_variable", {"scope": "workspace", "name": "limit"}),
        ("tools.http_request", {"auth": "bearer", "secret": "crm", "url": "https://crm.example.com"}),
        ("flow.call", {"flow": "another"}),
        ("language.local_model", {"model": "tuned@3"}),
        ("data.dataset", {"dataset": "ours"}),
    ],
)
def test_a_guest_s_node_names_nothing_of_the_workspace(asker, flow, guest, kind, settings):
    share(asker, flow, guest, Right.EDIT)
    added = {"path": ["nodes", "new"], "value": {"id": "new", "type": kind, "settings": settings}}
    refused = send(browser(guest), "post", f"/api/flows/{flow.pk}/edits", edits(flow, added))
    assert refused.status_code == 403, refused.content
    # A member whose right over this flow was raised sees these things by themselves.
    Membership.objects.create(user=guest, workspace=flow.workspace, role=Role.VIEWER)
    guest.memberships.exclude(workspace=flow.workspace).delete()
    assert send(browser(guest), "post", f"/api/flows/{flow.pk}/edits", edits(flow, added)).status_code == 200


def test_a_guest_s_session_variable_is_the_flow_s_own(asker, flow, guest):
    share(asker, flow, guest, Right.EDIT)
    node = {"id": "new", "type": "flow.read_variable", "settings": {"scope": "session", "name": "limit"}}
    added = {"path": ["nodes", "new"], "value": node}
    assert send(browser(guest), "post", f"/api/flows/{flow.pk}/edits", edits(flow, added)).status_code == 200


def test_a_group_s_members_have_it_while_they_are_in_it(asker, workspace, flow, teammate):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    group = Group.objects.create(workspace=workspace, name="Night shift")
    services.share_with_group(asker=asker, thing=Thing("flow", flow.pk), group=group, right=Right.EDIT)
    path = f"/api/flows/{flow.pk}/edits"
    assert send(browser(teammate), "post", path, edits(flow, name="A")).status_code == 403
    group.members.add(Membership.objects.get(user=teammate))
    assert send(browser(teammate), "post", path, edits(flow, name="B")).status_code == 200
    Membership.objects.filter(user=teammate).delete()
    assert send(browser(teammate), "post", path, edits(flow, name="C")).status_code == 401


def test_who_may_it_already_is_told(asker, flow, teammate):
    answer = send(
        browser(asker.user), "post", f"/api/shares/flow/{flow.pk}", {"email": teammate.email, "right": "edit"}
    )
    assert answer.status_code == 409 and "as editor of the workspace" in answer.json()["error"]["message"]


def test_only_who_may_edit_everything_shares(asker, flow, guest, teammate):
    share(asker, flow, guest, Right.EDIT)
    path = f"/api/shares/flow/{flow.pk}"
    assert browser(guest).get(path).status_code == 404
    Membership.objects.filter(user=teammate).update(role=Role.RUNNER)
    assert browser(teammate).get(path).status_code == 403


def link(asker, flow, right=Right.RUN, **fields) -> services.NewLink:
    return services.share_by_link(asker=asker, thing=Thing("flow", flow.pk), right=right, **fields)


def opened(made, password="", user=None) -> Client:
    client = browser(user)
    client.post(f"/shared/{made.token}/", {"password": password})
    return client


def test_a_link_lets_in_who_has_no_account(asker, flow):
    made = link(asker, flow, password="open sesame")
    client = browser()
    asked = client.get(f"/shared/{made.token}/").content.decode()
    assert "Desk" not in asked and client.get(f"/flows/{flow.pk}/").status_code == 302
    assert client.post(f"/shared/{made.token}/", {"password": "sesame"}).status_code == 422
    assert client.post(f"/shared/{made.token}/", {"password": "open sesame"}).url == f"/flows/{flow.pk}/"
    assert client.get(f"/flows/{flow.pk}/").status_code == 200
    assert client.get("/api/nodes").status_code == 200
    run = send(client, "post", f"/api/flows/{flow.pk}/runs", {"inputs": {"question": "Hello?"}})
    assert run.status_code == 202
    assert client.get(f"/api/runs/{run.json()['id']}").status_code == 200
    assert client.get(f"/api/flows/{flow.pk}/runs").status_code == 401  # what others asked is not for them
    assert send(client, "post", f"/api/flows/{flow.pk}/edits", edits(flow, name="X")).status_code == 403
    assert Share.objects.get().uses == 1


@pytest.mark.parametrize("lost", ["ended", "over", "another password", "lowered"])
def test_a_link_that_changed_lets_in_no_longer(asker, flow, lost):
    made = link(asker, flow, password="open sesame")
    client = opened(made, "open sesame")
    assert client.get(f"/api/flows/{flow.pk}").status_code == 200
    if lost == "ended":
        services.end(asker=asker, share=made.share)
    elif lost == "over":
        Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif lost == "another password":
        services.change(asker=asker, share=made.share, password="open barley")
    else:
        services.change(asker=asker, share=made.share, right=Right.VIEW)
        assert send(client, "post", f"/api/flows/{flow.pk}/runs", {}).status_code == 403
        return
    assert client.get(f"/api/flows/{flow.pk}").status_code == 401
    assert b"share-over" in client.get(f"/sharing/flow/{flow.pk}/standing/").content


def test_an_edit_link_needs_an_account(asker, flow, guest):
    made = link(asker, flow, Right.EDIT)
    assert opened(made).get(f"/api/flows/{flow.pk}").status_code == 401
    client = opened(made, user=guest)
    assert send(client, "post", f"/api/flows/{flow.pk}/edits", edits(flow, name="Ours")).status_code == 200


def test_wrong_passwords_lock_the_link_for_a_while(asker, flow):
    made = link(asker, flow, password="open sesame")
    client = browser()
    for _ in range(WRONG_TRIES):
        assert client.post(f"/shared/{made.token}/", {"password": "barley"}).status_code == 422
    assert client.post(f"/shared/{made.token}/", {"password": "open sesame"}).status_code == 429
    Share.objects.update(tried_at=timezone.now() - LOCKED_FOR)
    assert client.post(f"/shared/{made.token}/", {"password": "open sesame"}).status_code == 302


def test_a_link_s_settings_are_checked(asker, flow):
    path = f"/api/shares/flow/{flow.pk}"
    client = browser(asker.user)
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert send(client, "post", path, {"expires_at": yesterday}).status_code == 422
    for moment in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"):
        assert send(client, "post", path, {"expires_at": moment}).status_code == 422
    assert send(client, "post", path, {"password": "short"}).status_code == 422
    made = send(client, "post", path, {"right": "run"}).json()
    assert made["path"].startswith("/shared/") and made["link"] and not made["password"]
    listed = json.dumps(client.get(path).json())
    assert made["path"].split("/")[2] not in listed


def test_a_link_s_end_and_password_are_changed_and_taken_away(asker, flow):
    made = link(asker, flow, password="open sesame")
    client = browser(asker.user)
    path = f"/api/shares/{made.share.pk}"
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = f"/sharing/{made.share.pk}/link/"
    assert client.post(page, {"until": tomorrow.isoformat()}).status_code == 200
    told = send(client, "patch", path, {}).json()
    assert told["expires_at"].startswith(tomorrow.isoformat()) and told["password"]
    yesterday = timezone.localdate() - timedelta(days=1)
    refused = client.post(page, {"until": yesterday.isoformat()})
    assert refused.status_code == 422 and "ends in the future" in refused.content.decode()
    assert client.post(page, {"until": tomorrow.isoformat(), "without": "on"}).status_code == 200
    assert opened(made).get(f"/api/flows/{flow.pk}").status_code == 200
    assert "last less than a minute ago" in client.get(f"/sharing/flow/{flow.pk}/").content.decode()
    told = send(client, "patch", path, {"expires_at": None}).json()
    assert told["expires_at"] is None and not told["password"] and told["uses"] == 1 and told["used_at"]
    said = AuditEvent.objects.filter(action="share.changed").values_list("details", flat=True)
    assert "no end" in str(said[0]) and "none" in str(said[1])


def test_a_thing_has_no_more_shares_than_that(asker, flow, monkeypatch):
    monkeypatch.setattr(services, "MOST", 1)
    link(asker, flow)
    answer = send(browser(asker.user), "post", f"/api/shares/flow/{flow.pk}", {})
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "too_many"


def test_a_page_shares_and_says_who_has_it(asker, flow, guest):
    client = browser(asker.user)
    path = f"/sharing/flow/{flow.pk}/"
    given = share(asker, flow, guest, Right.RUN)
    page = client.get(path).content.decode()
    assert "Grace" in page and "as owner of the workspace" in page
    assert client.post(path, {"email": "no address", "right": "run"}).status_code == 422
    page = client.post(path, {"right": "view", "until": "", "password": ""}).content.decode()
    assert "/shared/" in page
    client.post(f"/sharing/{given.pk}/right/", {"right": "edit"})
    given.refresh_from_db()
    assert given.right == "edit"
    client.post(f"/sharing/{given.pk}/end/")
    assert not Share.objects.filter(person=guest).exists()
