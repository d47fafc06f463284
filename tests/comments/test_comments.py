"""Threads over HTTP: who says what where, who is called, what is left of a deleted node."""

import pytest
from django.test import Client

from flowbuilder.accounts.models import Membership, User, Workspace
from flowbuilder.accounts.reach import Thing
from flowbuilder.comments import services
from flowbuilder.comments.models import Mention, Thread
from flowbuilder.flows.models import Flow
from flowbuilder.sharing.models import Right
from flowbuilder.sharing.services import end, share_with_person
from tests.safety.world.named import BACKEND, ECHO


@pytest.fixture
def flow(workspace):
    return Flow.objects.create(workspace=workspace, name="Desk", slug="desk", graph=ECHO)


@pytest.fixture
def guest(asker, flow):
    user = User.objects.create_user("guest@example.test", "correct horse battery", name="Grace")
    Membership.objects.create(user=user, workspace=Workspace.objects.create(name="Elsewhere"), role="owner")
    share_with_person(asker=asker, thing=Thing("flow", flow.pk), person=user, right=Right.VIEW)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def send(user, method, path, body=None):
    return getattr(browser(user), method)(path, body or {}, content_type="application/json")


def begin(user, flow, **body):
    return send(user, "post", f"/api/flows/{flow.pk}/comments", {"text": "Why?", **body})


@pytest.fixture
def told(monkeypatch, django_capture_on_commit_callbacks):
    """What open editors are told."""
    found: list = []
    monkeypatch.setattr(services, "tell", lambda flow_id, message: found.append((flow_id, message)))
    return found


def test_a_thread_is_begun_answered_resolved_and_opened_again(
    owner, flow, guest, told, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        thread = begin(owner, flow, node="prompt").json()
        path = f"/api/comments/{thread['id']}"
        assert thread["label"] == "prompt" and thread["comments"][0]["mine"]
        assert send(guest, "post", f"{path}/replies", {"text": "So that."}).status_code == 201
        assert send(guest, "put", f"{path}/resolution", {"resolved": True}).json()["resolved_by"] == "Grace"
        assert send(owner, "post", f"{path}/replies", {"text": "No."}).status_code == 201
    (found,) = browser(guest).get(f"/api/flows/{flow.pk}/comments").json()["threads"]
    assert not found["resolved"]
    assert [(said["name"], said["mine"]) for said in found["comments"]][1] == ("Grace", True)
    assert told == [(flow.pk, {"type": "comments"})] * 4


def test_a_thread_outlives_its_node(owner, flow):
    begin(owner, flow, node="prompt")
    Flow.objects.filter(pk=flow.pk).update(graph={"nodes": [], "wires": []})
    (found,) = browser(owner).get(f"/api/flows/{flow.pk}/comments").json()["threads"]
    assert (found["node"], found["label"]) == ("prompt", "prompt")
    refused = begin(owner, flow, node="prompt")
    assert refused.status_code == 404 and "no node 'prompt'" in refused.json()["error"]["message"]


def test_who_is_called_is_told_until_they_look(owner, flow, guest, teammate):
    stranger = User.objects.create_user("stranger@example.test", "correct horse battery")
    begin(owner, flow, mentions=[guest.pk, teammate.pk, stranger.pk, owner.pk])
    assert set(Mention.objects.values_list("person", flat=True)) == {guest.pk, teammate.pk}
    (mention,) = browser(guest).get("/api/mentions").json()
    assert (mention["name"], mention["text"]) == ("Desk", "Why?")
    assert "You were mentioned" in browser(guest).get("/shared/").content.decode()
    assert send(guest, "post", f"/api/flows/{flow.pk}/comments/reading").status_code == 204
    assert browser(guest).get("/api/mentions").json() == []
    assert len(browser(teammate).get("/api/mentions").json()) == 1


def test_who_was_put_out_is_told_no_more(asker, flow, guest):
    begin(asker.user, flow, mentions=[guest.pk])
    end(asker=asker, share=guest.shares.get())
    assert browser(guest).get("/api/mentions").json() == []
    assert browser(guest).get(f"/api/flows/{flow.pk}/comments").status_code == 404


def test_a_guest_is_not_told_who_is_in_the_workspace(owner, flow, guest, teammate):
    path = f"/api/flows/{flow.pk}/comments"
    assert [one["person"] for one in browser(guest).get(path).json()["people"]] == [
        owner.pk
    ]  # who let them in
    everybody = {one["person"] for one in browser(owner).get(path).json()["people"]}
    assert everybody == {owner.pk, teammate.pk, guest.pk}
    begin(teammate, flow)
    assert {one["person"] for one in browser(guest).get(path).json()["people"]} == {owner.pk, teammate.pk}


def test_one_s_own_thread_is_deleted_and_an_editor_deletes_any(owner, flow, guest, teammate):
    Membership.objects.filter(user=teammate).update(role="viewer")
    path = f"/api/comments/{begin(guest, flow).json()['id']}"
    assert send(teammate, "delete", path).status_code == 403
    assert send(guest, "delete", path).status_code == 204
    path = f"/api/comments/{begin(guest, flow).json()['id']}"
    assert send(owner, "delete", path).status_code == 204
    assert not Thread.objects.exists()


def test_there_are_limits(owner, flow, monkeypatch):
    monkeypatch.setattr(services, "MOST_THREADS", 1)
    monkeypatch.setattr(services, "MOST_COMMENTS", 1)
    thread = begin(owner, flow).json()
    for answer in (
        begin(owner, flow),
        send(owner, "post", f"/api/comments/{thread['id']}/replies", {"text": "x"}),
    ):
        assert answer.status_code == 409 and answer.json()["error"]["code"] == "too_many"
    assert begin(owner, flow, text="").status_code == 422


def test_what_others_said_is_new_until_it_is_read(owner, flow, guest, teammate):
    thread = begin(owner, flow).json()
    send(teammate, "post", f"/api/comments/{thread['id']}/replies", {"text": "So that."})
    path = f"/api/flows/{flow.pk}/comments"
    assert [browser(user).get(path).json()["unread"] for user in (owner, teammate, guest)] == [1, 1, 2]
    assert "1 new comment" in browser(owner).get("/").content.decode()
    send(owner, "post", f"{path}/reading")
    told = browser(owner).get(path).json()
    assert told["unread"] == 0 and told["read_to"] == told["threads"][0]["comments"][-1]["id"]
    assert "new comment" not in browser(owner).get("/").content.decode()
    assert browser(teammate).get(path).json()["unread"] == 1  # each for themselves
    send(guest, "post", f"/api/comments/{thread['id']}/replies", {"text": "Hm."})
    assert browser(owner).get(path).json()["unread"] == 1
    send(guest, "put", f"/api/comments/{thread['id']}/resolution", {"resolved": True})
    assert browser(owner).get(path).json()["unread"] == 0  # nobody waits for them there
    send(guest, "put", f"/api/comments/{thread['id']}/resolution", {"resolved": False})
    assert browser(owner).get(path).json()["unread"] == 1


def test_the_badge_counts_calls_and_new_shares(owner, flow, guest):
    begin(owner, flow, mentions=[guest.pk])
    client = browser(guest)
    assert client.get("/shared/news/").content.decode().startswith("2")
    assert 'data-testid="new"' in client.get("/shared/").content.decode()
    assert client.post("/shared/reading/").status_code == 204
    assert 'data-testid="new"' not in client.get("/shared/").content.decode()
    assert client.get("/shared/news/").content.decode().startswith("1")  # the call, until it is looked at
    send(guest, "post", f"/api/flows/{flow.pk}/comments/reading")
    assert client.get("/shared/news/").content.decode().strip() == ""
