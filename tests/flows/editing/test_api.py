"""Edits over HTTP: those of several people meet in one draft, each is made once, and it stays a graph."""

import pytest

from flowbuilder.accounts.models import Membership, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(api_client, owner):
    body = {"name": "Hello", "template": "hello"}
    return api_client(owner).post("/api/flows", body, content_type="application/json").json()


@pytest.fixture
def edit(api_client, flow):
    def make(user, *changes, client="tab", number=1, revision=1, **more):
        body = {"client": client, "number": number, "revision": revision, "changes": list(changes), **more}
        return api_client(user).post(f"/api/flows/{flow['id']}/edits", body, content_type="application/json")

    return make


def setting(node, name, value):
    return {"path": ["nodes", node, "settings", name], "value": value}


def added(id, type="text.prompt", **settings):
    return {"path": ["nodes", id], "value": {"id": id, "type": type, "settings": settings}}


def test_two_peoples_settings_of_one_node_both_survive(api_client, owner, teammate, flow, edit):
    node = flow["graph"]["nodes"][0]["id"]
    first = edit(owner, setting(node, "example", "Mine"), client="one").json()
    assert first["revision"] == 2 and first["graph"] is None
    assert first["changes"] == [setting(node, "example", "Mine")]
    second = edit(teammate, setting(node, "question_label", "Theirs"), client="two").json()
    assert second["revision"] == 3 and second["changes"] is None
    settings = second["graph"]["nodes"][0]["settings"]
    assert (settings["example"], settings["question_label"]) == ("Mine", "Theirs")
    assert api_client(owner).get(f"/api/flows/{flow['id']}").json()["graph"] == second["graph"]


def test_what_is_sent_twice_is_made_once(owner, teammate, flow, edit):
    node = flow["graph"]["nodes"][0]["id"]
    edit(owner, setting(node, "example", "Old"), client="one")
    edit(teammate, setting(node, "example", "New"), client="two", revision=2)
    again = edit(owner, setting(node, "example", "Old"), client="one").json()
    assert again["revision"] == 3 and again["graph"]["nodes"][0]["settings"]["example"] == "New"


def test_an_id_in_use_is_refused_with_the_draft(owner, teammate, edit):
    edit(owner, added("prompt_9", template="Mine"), client="one")
    answer = edit(teammate, added("prompt_9", template="Theirs"), client="two")
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "taken"
    details = answer.json()["error"]["details"]
    assert details["revision"] == 2
    assert details["graph"]["nodes"][-1]["settings"]["template"] == "Mine"
    assert edit(teammate, added("prompt_10", template="Theirs"), client="two").status_code == 200


def test_a_change_that_would_make_no_graph_is_named_and_counts_for_nothing(owner, flow, edit):
    node = flow["graph"]["nodes"][0]["id"]
    wrong = edit(owner, {"path": ["nodes", node, "mode"], "value": "loud"})
    assert wrong.status_code == 422 and "mode" in wrong.json()["error"]["message"]
    nowhere = edit(owner, {"path": ["edges", "e"], "value": {}})
    assert nowhere.status_code == 422 and "edges" in nowhere.json()["error"]["message"]
    assert edit(owner, setting(node, "example", "Right")).json()["revision"] == 2


def test_a_stale_save_of_a_program_is_refused_after_an_edit(api_client, owner, flow, edit):
    edit(owner, name="Renamed")
    body = {"graph": flow["graph"], "revision": 1}
    answer = api_client(owner).put(f"/api/flows/{flow['id']}", body, content_type="application/json")
    assert answer.status_code == 409 and answer.json()["error"]["details"]["revision"] == 2


@pytest.mark.django_db(transaction=True)
def test_open_editors_are_told_of_edits_and_of_saves(api_client, owner, flow, edit, monkeypatch):
    told = []
    monkeypatch.setattr("flowbuilder.flows.editing.services.tell", lambda flow, message: told.append(message))
    node = flow["graph"]["nodes"][0]["id"]
    edit(owner, setting(node, "example", "Mine"))
    assert [(said["type"], said["revision"], said["client"], said["person"]) for said in told] == [
        ("edits", 2, "tab", str(owner))
    ]
    graph = api_client(owner).get(f"/api/flows/{flow['id']}").json()["graph"]
    graph["nodes"][0]["label"] = "Saved"
    api_client(owner).put(
        f"/api/flows/{flow['id']}", {"graph": graph, "revision": 2}, content_type="application/json"
    )
    assert told[-1]["changes"] == [{"path": ["nodes", node, "label"], "value": "Saved"}]


def test_a_viewer_cannot_edit(api_client, workspace, flow, edit):
    viewer = User.objects.create_user("viewer@example.test", "correct horse battery")
    Membership.objects.create(user=viewer, workspace=workspace, role=Role.VIEWER)
    assert edit(viewer, name="Mine").status_code == 403
