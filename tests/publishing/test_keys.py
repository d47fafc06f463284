"""Keys over HTTP: shown once, limited, revoked at once; each asker gets the right answer."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def bearer(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


def make(client, **body):
    return client.post("/api/keys", {"name": "ci", **body}, content_type="application/json")


@pytest.fixture
def flow(api_client, owner):
    body = {"name": "Hello", "template": "hello"}
    return api_client(owner).post("/api/flows", body, content_type="application/json").json()


def test_a_key_is_shown_once(api_client, owner):
    client = api_client(owner)
    secret = make(client).json()["key"]
    assert secret not in client.get("/api/keys").content.decode()
    assert bearer(secret).get("/api/flows").status_code == 200


def test_a_revoked_key_is_refused_from_the_next_call(api_client, owner):
    client = api_client(owner)
    key = make(client).json()
    assert client.delete(f"/api/keys/{key['id']}").status_code == 204
    assert bearer(key["key"]).get("/api/flows").status_code == 401


def test_a_flow_limited_key_sees_its_flow_only(api_client, owner, flow):
    client = api_client(owner)
    other = client.post("/api/flows", {"name": "Other"}, content_type="application/json").json()
    limited = bearer(make(client, flow=flow["id"]).json()["key"])
    assert [row["id"] for row in limited.get("/api/flows").json()] == [flow["id"]]
    assert limited.get(f"/api/flows/{other['id']}").status_code == 404
    assert limited.delete(f"/api/flows/{flow['id']}").status_code == 403
    assert make(limited).status_code == 403
    assert limited.get("/api/keys").json() == []


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 201), ("teammate", 201), ("stranger", 201), (None, 401)]
)
def test_who_may_make_keys(api_client, request, who, status):
    assert make(api_client(request.getfixturevalue(who) if who else None)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("teammate", 204), ("stranger", 404), (None, 401)])
def test_who_may_revoke(api_client, owner, request, who, status):
    key = make(api_client(owner)).json()
    user = request.getfixturevalue(who) if who else None
    assert api_client(user).delete(f"/api/keys/{key['id']}").status_code == status


def test_a_stranger_cannot_limit_a_key_to_our_flow(api_client, stranger, flow):
    assert make(api_client(stranger), flow=flow["id"]).status_code == 404
