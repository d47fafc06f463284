"""The pages: importing with its errors, looking for an operation, another mock answer."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from flowbuilder.apis import services
from flowbuilder.apis.fields import rows_of
from flowbuilder.apis.models import ApiDescription
from tests.apis.conftest import OPENAPI

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_this_process")]
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def deliveries(asker):
    return services.import_description(asker=asker, text=OPENAPI)


def test_a_document_is_pasted_or_uploaded(person):
    answer = person.post("/apis/", {"text": OPENAPI}, follow=True)
    assert answer.redirect_chain and "Register a parcel" in answer.content.decode()
    file = SimpleUploadedFile("vans.sh", b"curl example.com/vans")
    person.post("/apis/", {"file": file, "name": "Vans"})
    assert set(ApiDescription.objects.values_list("name", flat=True)) == {"Deliveries", "Vans"}


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "Nothing came to import"),
        ({"text": OPENAPI.replace("info:", "inf:")}, "is a required property"),
        ({"text": OPENAPI, "name": "x" * 101}, "at most 100"),
        ({"text": "<script>alert(1)</script>"}, "none of what can be imported"),
    ],
)
def test_what_is_wrong_is_said_beside_the_form(person, sent, why):
    answer = person.post("/apis/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and why in page and 'role="alert"' in page
    assert "<script>alert" not in page
    assert sent.get("text", "")[:20].replace("<", "&lt;").replace(">", "&gt;") in page


def test_operations_are_searched(person, deliveries):
    page = person.get(f"/apis/{deliveries.pk}/", {"q": "parcel register"}, headers=PARTIAL).content.decode()
    assert "<html" not in page and page.count('data-testid="operation"') == 1 and "POST" in page
    assert "No operation fits" in person.get(f"/apis/{deliveries.pk}/", {"q": "vans"}).content.decode()


def test_a_new_revision_shows_what_it_changed(person, deliveries):
    path = f"/apis/{deliveries.pk}/revisions/"
    assert "nothing was changed" in person.post(path, {"text": OPENAPI}).content.decode()
    changed = OPENAPI.replace("maximum: 50", "maximum: 99")
    page = person.post(path, {"text": changed}, follow=True).content.decode()
    assert "maximum was 50 and is 99" in page and "Revision 2" in page


def test_an_operation_shows_its_schema_and_another_answer(person, deliveries):
    operation = deliveries.operations.get(method="GET", path="/parcels/{parcel_id}")
    path = f"/apis/operations/{operation.pk}/"
    page = person.get(path).content.decode()
    assert (
        "pattern ^PX-[0-9]{5}$" in page
        and "Answer 404" in page
        and "Deliveries: GET /parcels/{parcel_id}" in page
    )
    made = {re.search(r"PX-\d{5}", person.get(path, headers=PARTIAL).content.decode())[0] for _ in range(5)}
    assert len(made) > 1
    first, again = (person.get(path, {"seed": 7}, headers=PARTIAL).content.decode() for _ in range(2))
    assert first == again and 'value="7"' in first and "<html" not in first
    assert "error" in person.get(path, {"status": 404}, headers=PARTIAL).content.decode()
    assert "describes no answer 302" in person.get(path, {"status": 302}, headers=PARTIAL).content.decode()
    assert "whole number" in person.get(path, {"seed": "x"}, headers=PARTIAL).content.decode()


def test_a_description_is_deleted(person, deliveries):
    assert person.post(f"/apis/{deliveries.pk}/deletion/").status_code == 302
    assert not ApiDescription.objects.exists()


def test_a_schema_s_rows_say_types_and_rules():
    rows = {
        row.name: row
        for row in rows_of(
            {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "format": "uuid", "description": "Its number"},
                    "tags": {
                        "type": "array",
                        "items": {"enum": ["a", "b"]},
                        "uniqueItems": True,
                        "maxItems": 3,
                    },
                    "parent": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
                },
                "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
            }
        )
    }
    assert (rows["id"].type, rows["id"].required, rows["id"].about) == ("string (uuid)", True, "Its number")
    assert rows["tags"].rules == "at most 3 items; one of a, b; each item once"
    assert rows["parent"].type == "Node or null" and rows["next"].depth == 1
