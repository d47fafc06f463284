"""A flow is kept as a template for the workspace, and others start from it."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(api_client, owner):
    made = {"name": "Greeting", "template": "hello"}
    return api_client(owner).post("/api/flows", made, content_type="application/json").json()


def save(client, flow, **more):
    body = {"flow": flow["id"], "title": "Ours", "description": "Greets.", **more}
    return client.post("/api/templates", body, content_type="application/json")


def test_a_teammate_starts_from_what_was_saved(api_client, owner, teammate, flow):
    pinned = {**flow["graph"], "nodes": [{**node, "pinned": {"out": "x"}} for node in flow["graph"]["nodes"]]}
    client = api_client(owner)
    client.put(f"/api/flows/{flow['id']}", {"graph": pinned, "revision": 1}, content_type="application/json")
    saved = save(client, flow).json()
    theirs = api_client(teammate)
    assert theirs.get("/api/templates").json()[0]["title"] == "Ours"
    assert "Ours" in theirs.get("/gallery/").content.decode()
    body = {"name": "Mine", "template": saved["slug"]}
    made = theirs.post("/api/flows", body, content_type="application/json").json()
    assert [node["id"] for node in made["graph"]["nodes"]] == sorted(n["id"] for n in flow["graph"]["nodes"])
    assert all(node["pinned"] is None for node in made["graph"]["nodes"])
    assert theirs.delete(f"/api/templates/{saved['slug']}").status_code == 204
    assert not any(each["saved"] for each in client.get("/api/templates").json())


def test_a_stranger_neither_sees_nor_uses_it(api_client, owner, stranger, flow):
    saved = save(api_client(owner), flow).json()
    theirs = api_client(stranger)
    assert not any(each["saved"] for each in theirs.get("/api/templates").json())
    body = {"name": "Mine", "template": saved["slug"]}
    assert theirs.post("/api/flows", body, content_type="application/json").status_code == 404
    assert save(theirs, flow).status_code == 404


def test_the_pages_save_and_delete_it(api_client, owner, flow):
    client = api_client(owner)
    assert "Save template" in client.get(f"/flows/{flow['id']}/template/").content.decode()
    client.post(f"/flows/{flow['id']}/template/", {"title": "On the page", "description": ""})
    (saved,) = [each for each in client.get("/api/templates").json() if each["saved"]]
    assert saved["title"] == "On the page"
    client.post(f"/gallery/{saved['slug']}/deletion/")
    assert not any(each["saved"] for each in client.get("/api/templates").json())
