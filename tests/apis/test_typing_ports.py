"""Ports of an operation say what its description says."""

import json

import pytest

from flowbuilder.accounts.models import Asker, Membership, Role, User, Workspace
from flowbuilder.apis import services
from flowbuilder.apis.typing_ports import types_of_operation
from tests.apis.conftest import OPENAPI

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(in_this_process, asker):
    services.import_description(asker=asker, text=OPENAPI)


def taken(asker, ref):
    return {name: told["takes"] for name, told in types_of_operation(asker, ref)[0].items()}


def test_each_plain_type_by_the_name_of_its_parameter(imported, asker):
    assert taken(asker, "Deliveries: GET /parcels") == {"limit": "number"}
    assert taken(asker, "Deliveries: getParcel") == {"parcel_id": "text"}
    assert taken(asker, "Deliveries: POST /parcels") == {"body": "Record"}


def test_what_it_answers_with_is_known_by_type_and_fields(imported, asker):
    one = types_of_operation(asker, "Deliveries: getParcel")[1]["data"]
    assert one["gives"] == "Record"
    assert {"name": "parcel_id", "type": "text"} in one["fields"]
    several = types_of_operation(asker, "Deliveries: GET /parcels")[1]["data"]
    assert several == {"gives": "list", "fields": one["fields"]}
    assert types_of_operation(asker, "Deliveries: DELETE /parcels/{parcel_id}")[1] == {}


def test_what_may_be_of_several_types_is_left_open(in_this_process, asker):
    answer = {"content": {"application/json": {"schema": {"type": ["object", "null"], "properties": {}}}}}
    told = {
        "openapi": "3.1.0",
        "info": {"title": "Either", "version": "1"},
        "servers": [{"url": "https://either.example.test"}],
        "paths": {
            "/one": {"get": {"operationId": "one", "responses": {"200": {"description": "", **answer}}}}
        },
    }
    services.import_description(asker=asker, text=json.dumps(told))
    assert types_of_operation(asker, "Either: one")[1] == {}


def test_ports_are_typed_by_the_operation_that_is_chosen(imported, http):
    body = {
        "type": "tools.api_operation",
        "settings": {"operation": "Deliveries: GET /parcels", "wired": ["limit"]},
    }
    said = http.post("/api/nodes/ports", body, content_type="application/json").json()
    takes = {port["name"]: port.get("takes") for port in said["inputs"]}
    assert takes == {"limit": "number", "body": None, "values": None}
    gives = {port["name"]: port.get("gives") for port in said["outputs"]}
    assert gives == {"text": None, "data": "list", "status": None, "tool": None}


def test_another_workspace_s_operation_says_nothing(imported):
    elsewhere = Workspace.objects.create(name="Elsewhere")
    user = User.objects.create_user("stranger@example.test", "correct horse battery")
    Membership.objects.create(user=user, workspace=elsewhere, role=Role.OWNER)
    stranger = Asker(user=user, workspace=elsewhere, role=Role.OWNER)
    assert types_of_operation(stranger, "Deliveries: GET /parcels") == ({}, {})
    assert types_of_operation(stranger, "") == ({}, {})
