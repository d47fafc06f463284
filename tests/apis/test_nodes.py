"""What nodes are given of API descriptions, in their own workspace."""

import pytest

from flowbuilder.accounts.models import Workspace
from flowbuilder.apis import services
from flowbuilder.apis.nodes import NodeApis
from nodes.base import NodeError
from tests.apis.conftest import OPENAPI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_this_process")]


@pytest.fixture
def apis(asker):
    services.import_description(asker=asker, text=OPENAPI)
    return NodeApis(asker.workspace.pk)


@pytest.mark.parametrize(
    "ref",
    ["Deliveries: GET /parcels/{parcel_id}", "Deliveries: getParcel", "Deliveries: get /parcels/{parcel_id}"],
)
def test_an_operation_is_named_by_its_path_or_its_id(apis, ref):
    found = apis._operation(ref, "")
    assert found.ref == "Deliveries: GET /parcels/{parcel_id}" and list(found.responses) == ["200", "404"]


def test_without_a_name_the_question_says_which(apis):
    assert apis._operation("", "Register a parcel").ref == "Deliveries: POST /parcels"


@pytest.mark.parametrize(
    ("ref", "question", "why"),
    [
        (
            "Deliveries: GET /vans",
            "",
            "no operation 'Deliveries: GET /vans' .* There is: Deliveries: GET /parcels;",
        ),
        ("Deliveries: ", "", "no operation"),
        ("", "A joke", "is about 'A joke'"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(apis, ref, question, why):
    with pytest.raises(NodeError, match=why):
        apis._operation(ref, question)


def test_another_workspace_s_operations_are_none(apis):
    elsewhere = NodeApis(Workspace.objects.create(name="Elsewhere").pk)
    with pytest.raises(NodeError, match="has no API descriptions"):
        elsewhere._operation("Deliveries: GET /parcels", "")
