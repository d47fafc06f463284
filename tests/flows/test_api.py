"""Flows over HTTP: saved by revision, refused with reasons, seen by their workspace only."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(api_client, owner):
    body = {"name": "Hello", "template": "hello"}
    return api_client(owner).post("/api/flows", body, content_type="application/json").json()


def put(client, flow, **body):
    return client.put(f"/api/flows/{flow['id']}", body, content_type="application/json")


def test_saving_counts_revisions(api_client, owner, flow):
    answer = put(api_client(owner), flow, graph=flow["graph"], revision=1)
    assert answer.status_code == 200 and answer.json()["revision"] == 2


def test_a_stale_save_is_refused_and_loses_nothing(api_client, owner, flow):
    client = api_client(owner)
    put(client, flow, graph=flow["graph"], revision=1)
    answer = put(client, flow, graph={"nodes": []}, revision=1)
    assert answer.status_code == 409
    assert (
        answer.json()["error"]["details"]["graph"] == client.get(f"/api/flows/{flow['id']}").json()["graph"]
    )


def test_a_malformed_graph_is_named(api_client, owner, flow):
    answer = put(api_client(owner), flow, graph={"nodes": [{"id": "a"}]}, revision=1)
    assert answer.status_code == 422 and "nodes.0.type" in answer.json()["error"]["message"]


def test_the_graph_on_screen_is_validated(api_client, owner, flow):
    graph = {"nodes": [{"id": "r", "type": "flow.reply"}], "wires": []}
    answer = api_client(owner).post(
        f"/api/flows/{flow['id']}/validate", {"graph": graph}, content_type="application/json"
    )
    assert answer.json()["problems"][0]["code"] == "unconnected"


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("teammate", 200), ("stranger", 404), (None, 401)]
)
def test_who_sees_a_flow(api_client, flow, who, status, request):
    user = request.getfixturevalue(who) if who else None
    assert api_client(user).get(f"/api/flows/{flow['id']}").status_code == status


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), (None, 401)])
def test_who_may_not_save(api_client, flow, who, status, request):
    user = request.getfixturevalue(who) if who else None
    assert put(api_client(user), flow, graph=flow["graph"], revision=1).status_code == status


def test_pages_of_others_are_not_there(api_client, flow, stranger):
    assert api_client(stranger).get(f"/flows/{flow['id']}/").status_code == 404


def test_two_flows_of_one_name_get_two_slugs(api_client, owner, flow):
    second = api_client(owner).post("/api/flows", {"name": "Hello"}, content_type="application/json").json()
    assert (flow["slug"], second["slug"]) == ("hello", "hello-2")


def test_ports_follow_settings(api_client, owner):
    body = {"type": "text.prompt", "settings": {"template": "{{ a }} {{ b }}"}}
    answer = api_client(owner).post("/api/nodes/ports", body, content_type="application/json")
    assert [port["name"] for port in answer.json()["inputs"]] == ["a", "b"]
