"""Descriptions that are broken in many ways: refused by name, or imported with all that is made of them."""

import json
import re

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.apis import mocking, services
from flowbuilder.apis.fields import rows_of
from flowbuilder.apis.models import ApiDescription
from flowbuilder.apis.typing_ports import types_of_operation
from nodes.base import NodeError
from tests.apis.conftest import OPENAPI, POSTMAN, SWAGGER
from tests.mutating import ODD, mutated

pytestmark = pytest.mark.django_db
SCHEMAS = (["object", "null"], "object", "array", "null", {"type": "array"}, {"$ref": "#"}, {"anyOf": [{}, False]}, {"not": {}}, [{"type": "string"}], "#/components/schemas/Parcel", {"pattern": "("}, 10**400)  # fmt: skip
SEEDS = [yaml.safe_load(OPENAPI), SWAGGER, POSTMAN]
WHOLE_LIFE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]


def changed(seed, path, value):
    data = json.loads(json.dumps(seed))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("seed", "path", "value", "place"),
    [
        (SWAGGER, ("paths", "/parcels/{id}", "get", "responses"), True, "paths./parcels/{id}.get.responses"),
        (SWAGGER, ("paths",), True, "paths"),
        (POSTMAN, ("item", 0, "item", 0, "request", "url", "path", 0), None, "item.0.item.0"),
        (POSTMAN, ("item", 0, "item", 1, "response"), True, "item.0.item.1"),
    ],
)
def test_the_place_is_named(in_this_process, asker, seed, path, value, place):
    with pytest.raises(ApiError, match=f"^{re.escape(place)}: ") as refused:
        services.import_description(asker=asker, text=changed(seed, path, value))
    assert refused.value.status == 422


def test_what_a_database_cannot_keep_is_left_out(in_this_process, asker):
    text = changed(SEEDS[0], ("info", "title"), "Half \ud800 and none\0")
    assert services.import_description(asker=asker, text=text).title == "Half ? and none"


@settings(max_examples=60, suppress_health_check=WHOLE_LIFE)
@given(st.data())
def test_whatever_is_changed_in_a_description(in_this_process, asker, data):
    seed = data.draw(st.sampled_from(SEEDS))
    text = json.dumps(mutated(seed, data.draw, ODD + SCHEMAS))
    ApiDescription.objects.all().delete()
    try:
        description = services.import_description(asker=asker, text=text, name="Odd")
    except ApiError as refused:
        assert refused.status == 422 and refused.message
        return
    for operation in description.operations.all():
        types_of_operation(asker, f"Odd: {operation.operation_id or f'{operation.method} {operation.path}'}")
        for parameter in operation.parameters:
            rows_of(parameter.get("schema"))
        rows_of(operation.request)
        try:
            json.dumps(mocking.preview(operation, "", 7).body)
        except (ApiError, NodeError) as refused:
            assert str(refused)
