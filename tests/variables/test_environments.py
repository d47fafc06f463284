"""A variable may have a value of its own in an environment; elsewhere the common one counts."""

import uuid

import pytest
from asgiref.sync import async_to_sync

from flowbuilder.variables.for_nodes import NodeVariables
from flowbuilder.variables.services import set_by_person

pytestmark = pytest.mark.django_db


def nodes_in(workspace, environment):
    return NodeVariables(workspace.pk, uuid.uuid4(), uuid.uuid4(), "", environment)


@pytest.mark.django_db(transaction=True)
def test_the_environment_s_own_value_stands_before_the_common_one(asker, workspace):
    set_by_person(asker=asker, name="url", value="common")
    set_by_person(asker=asker, name="url", value="tried", environment="staging")
    found = {
        where: async_to_sync(nodes_in(workspace, where).read)("workspace", "url")
        for where in ("draft", "staging", "production")
    }
    assert found == {"draft": "common", "staging": "tried", "production": "common"}
    change = async_to_sync(nodes_in(workspace, "staging").change)
    change("workspace", "url", lambda value: value + "!")
    assert async_to_sync(nodes_in(workspace, "staging").read)("workspace", "url") == "tried!"
    assert async_to_sync(nodes_in(workspace, "production").read)("workspace", "url") == "common"


def test_over_http(asker, api_client):
    client = api_client(asker.user)

    def put(body):
        return client.put("/api/variables/url", body, content_type="application/json")

    assert put({"value": "a"}).status_code == put({"value": "b", "environment": "staging"}).status_code == 200
    assert put({"value": "c", "environment": "moon"}).status_code == 422
    assert client.get("/api/variables/url").json()["value"] == "a"
    assert client.get("/api/variables/url?environment=staging").json()["value"] == "b"
    assert [row["environment"] for row in client.get("/api/variables").json()] == [None, "staging"]
    assert client.delete("/api/variables/url?environment=staging").status_code == 204
    assert client.get("/api/variables/url?environment=staging").status_code == 404
    assert client.get("/api/variables/url").status_code == 200
