"""Models over HTTP: each asker gets the right answer."""

import pytest

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.modelhub.models import ModelVersion

pytestmark = pytest.mark.django_db
NEW = {"name": "mine", "source": "folder", "location": "mine"}


def post(client, body):
    return client.post("/api/models", body, content_type="application/json")


def test_the_starter_is_listed(api_client, owner):
    (row,) = api_client(owner).get("/api/models").json()
    assert (row["ref"], row["production"], row["status"]) == ("starter@1", True, "ready")


def test_an_added_model_is_accepted_and_waits_for_a_worker(api_client, owner):
    answer = post(api_client(owner), NEW)
    assert answer.status_code == 202
    assert (answer.json()["ref"], answer.json()["status"]) == ("mine@1", "importing")


def test_an_editor_may_and_a_viewer_may_not(api_client, teammate):
    assert post(api_client(teammate), NEW).status_code == 202
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    assert api_client(teammate).get("/api/models").status_code == 200
    assert post(api_client(teammate), NEW).status_code == 403
    row = api_client(teammate).get("/api/models").json()[0]
    assert api_client(teammate).delete(f"/api/models/{row['id']}").status_code == 403


def test_a_stranger_sees_their_own_only(api_client, owner, stranger):
    version = post(api_client(owner), NEW).json()
    names = {row["name"] for row in api_client(stranger).get("/api/models").json()}
    assert names == {"starter"}
    assert api_client(stranger).get(f"/api/models/{version['id']}").status_code == 404
    assert api_client(stranger).delete(f"/api/models/{version['id']}").status_code == 404
    alias = api_client(stranger).put(
        "/api/models/mine/aliases/production", {"number": 1}, content_type="application/json"
    )
    assert alias.status_code == 404 and ModelVersion.objects.filter(pk=version["id"]).exists()


def test_nobody_is_asked_to_sign_in(api_client):
    assert api_client(None).get("/api/models").status_code == 401
    assert post(api_client(None), NEW).status_code == 401


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({**NEW, "name": "Mine!"}, "cannot name a model"),
        ({**NEW, "source": "ftp"}, "source"),
        ({**NEW, "location": ""}, "location"),
    ],
)
def test_bad_input_is_named(api_client, owner, body, says):
    answer = post(api_client(owner), body)
    assert answer.status_code == 422 and says in answer.json()["error"]["message"]


def test_the_starters_name_is_taken(api_client, owner):
    assert post(api_client(owner), {**NEW, "name": "starter"}).status_code == 409
