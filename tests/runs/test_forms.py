"""What a run is given is held to the flow's form, and how it was started is noted."""

import pytest

from flowbuilder.flows.models import Flow

pytestmark = pytest.mark.django_db

FIELDS = [
    {"kind": "text", "name": "name", "label": "Your name"},
    {"kind": "number", "name": "age", "minimum": 18},
    {"kind": "choice", "name": "size", "choices": ["S", "M"], "required": False},
]


@pytest.fixture
def flow(asker):
    graph = {"nodes": [{"id": "form", "type": "flow.form", "settings": {"fields": FIELDS}}], "wires": []}
    return Flow.objects.create(workspace=asker.workspace, name="Form", graph=graph)


@pytest.fixture
def web(client, owner):
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def run(client, flow, inputs):
    return client.post(f"/api/flows/{flow.pk}/runs", {"inputs": inputs}, content_type="application/json")


def test_every_field_that_cannot_be_read_is_named(flow, web):
    refused = run(web, flow, {"age": 12, "size": "XL"})
    assert refused.status_code == 422
    error = refused.json()["error"]
    assert error["code"] == "invalid_inputs"
    assert [row["where"] for row in error["details"]] == ["inputs.name", "inputs.age", "inputs.size"]
    assert "'Your name': this is needed." in error["message"] and not flow.runs.exists()


def test_what_fits_is_accepted_and_says_how_it_was_started(flow, web):
    accepted = run(web, flow, {"name": "Ada", "age": 41})
    assert accepted.status_code == 202 and accepted.json()["origin"] == {"kind": "person"}


def test_a_trigger_fills_in_nothing(flow, web):
    assert run(web, flow, {"webhook": {"body": {}}}).status_code == 202
