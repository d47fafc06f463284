"""Ports of an operation say what its description says."""

import pytest

from flowbuilder.accounts.models import Asker, Membership, Role, User, Workspace
from flowbuilder.apis import services
from flowbuilder.apis.taking import types_taken
from tests.apis.conftest import OPENAPI

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(in_this_process, asker):
    services.import_description(asker=asker, text=OPENAPI)


def test_each_plain_type_by_the_name_of_its_parameter(imported, asker):
    assert types_taken(asker, "Deliveries: GET /parcels") == {"limit": "number"}
    assert types_taken(asker, "Deliveries: getParcel") == {"parcel_id": "text"}
    assert types_taken(asker, "Deliveries: POST /parcels") == {"body": "Record"}


def test_ports_are_typed_by_the_operation_that_is_chosen(imported, http):
    body = {
        "type": "tools.api_operation",
        "settings": {"operation": "Deliveries: GET /parcels", "wired": ["limit"]},
    }
    inputs = http.post("/api/nodes/ports", body, content_type="application/json").json()["inputs"]
    assert {port["name"]: port.get("takes") for port in inputs} == {
        "limit": "number",
        "body": None,
        "values": None,
    }


def test_another_workspace_s_operation_says_nothing(imported):
    elsewhere = Workspace.objects.create(name="Elsewhere")
    user = User.objects.create_user("stranger@example.test", "correct horse battery")
    Membership.objects.create(user=user, workspace=elsewhere, role=Role.OWNER)
    stranger = Asker(user=user, workspace=elsewhere, role=Role.OWNER)
    assert types_taken(stranger, "Deliveries: GET /parcels") == {}
    assert types_taken(stranger, "") == {}
