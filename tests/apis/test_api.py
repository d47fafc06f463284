"""API descriptions over HTTP, and the mock server that stands in for what they describe."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from flowbuilder.accounts.models import AuditEvent
from flowbuilder.apis.models import ApiDescription, Operation
from nodes.json_rules import errors_of
from tests.apis.conftest import OPENAPI, POSTMAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_this_process")]
PARCEL = {"parcel_id": "PX-00001", "status": "created", "weight_kg": 2.5}


@pytest.fixture
def deliveries(http):
    return http.post("/api/apis", {"text": OPENAPI}).json()


@pytest.fixture
def mock(http, deliveries):
    def ask(method, path, body=None, **headers):
        sent = {"data": "" if body is None else json.dumps(body), "content_type": "application/json"}
        sent = {} if method == "get" else sent
        return getattr(http, method)(f"/api/apis/{deliveries['id']}/mock{path}", **sent, headers=headers)

    return ask


def test_a_document_is_imported_listed_shown_and_deleted(http, deliveries):
    assert deliveries["name"] == "Deliveries" and len(deliveries["operations"]) == 5
    assert deliveries["operations"][2]["ref"] == "Deliveries: GET /parcels/{parcel_id}"
    assert [each["name"] for each in http.get("/api/apis").json()] == ["Deliveries"]
    path = f"/api/apis/{deliveries['id']}"
    assert http.get(path).json() == deliveries
    assert http.get(f"{path}/document").json()["openapi"] == "3.0.3"
    assert http.delete(path).status_code == 204
    assert http.get(path).status_code == 404 and not Operation.objects.exists()
    assert [event.action for event in AuditEvent.objects.all()] == ["api.deleted", "api.imported"]


def test_a_file_is_imported_under_a_name_of_choice(http):
    file = SimpleUploadedFile("collection.json", b"\xef\xbb\xbf" + json.dumps(POSTMAN).encode())
    made = http.post("/api/apis", {"file": file, "name": "Vans"}).json()
    assert (made["name"], made["source"]) == ("Vans", "Postman")


@pytest.mark.parametrize(
    ("sent", "status", "why"),
    [
        ({}, 422, "Nothing came to import"),
        ({"text": "{"}, 422, "line 1"),
        ({"text": OPENAPI, "name": "x" * 101}, 422, "name"),
        ({"text": "curl example.com", "example": "no"}, 422, "example of an answer is not JSON"),
        ({"file": SimpleUploadedFile("x.yaml", b"\xff\xfe")}, 422, "no text in UTF-8"),
        ({"file": SimpleUploadedFile("x.yaml", b"x" * (6 * 2**20))}, 413, "larger than 5 MB"),
    ],
)
def test_what_cannot_be_imported_is_refused_by_name(http, sent, status, why):
    answer = http.post("/api/apis", sent)
    assert answer.status_code == status and why in answer.json()["error"]["message"]
    assert not ApiDescription.objects.exists()


def test_a_name_is_taken_once(http, deliveries):
    answer = http.post("/api/apis", {"text": OPENAPI})
    assert answer.status_code == 409 and "new revision" in answer.json()["error"]["message"]


def test_a_new_revision_names_its_differences_and_keeps_ids(http, deliveries):
    path = f"/api/apis/{deliveries['id']}"
    assert http.post(f"{path}/revisions", {"text": OPENAPI}).status_code == 409
    changed = (
        OPENAPI.replace("enum: [created, delivered]", "enum: [created, delivered, lost]")
        .replace("required: [parcel_id, status, weight_kg]", "required: [parcel_id, status]")
        .replace("maximum: 50", "maximum: 99")
        .replace("    delete:", "    patch:")
    )
    revision = http.post(f"{path}/revisions", {"text": changed}).json()
    assert revision["number"] == 2
    said = "\n".join(revision["differences"])
    assert "PATCH /parcels/{parcel_id} is new." in said and "DELETE /parcels/{parcel_id} is gone." in said
    assert "GET /parcels: the query parameter 'limit': maximum was 50 and is 99." in said
    assert "GET /parcels: answer 200, '[].weight_kg': is no longer required." in said
    assert "POST /parcels: the request, 'status': enum was" in said and '"lost"]' in said
    assert [each["number"] for each in http.get(f"{path}/revisions").json()] == [2, 1]
    ids = {each["ref"]: each["id"] for each in deliveries["operations"]}
    now = {each["ref"]: each["id"] for each in http.get(path).json()["operations"]}
    assert len(now) == 5 and all(ids.get(ref, now[ref]) == now[ref] for ref in now)


def test_operations_are_found_by_what_a_question_says(http, deliveries):
    def first(question):
        found = http.get("/api/operations", {"q": question}).json()
        return found[0]["ref"].partition(": ")[2] if found else None

    assert len(http.get("/api/operations").json()) == 5
    assert first("Register a new parcel, please") == "POST /parcels"
    assert first("Forget that parcel") == "DELETE /parcels/{parcel_id}"
    assert first("Which parcels are on their way?") == "GET /parcels"
    assert first("帮我查询一下快递员") == "GET /couriers/{courier_id}"
    assert first("Tell me a joke") is None


def test_an_operation_s_answer_is_previewed_again_by_its_seed(http, deliveries):
    path = f"/api/operations/{deliveries['operations'][2]['id']}"
    told = http.get(path).json()
    made = http.get(f"{path}/mock").json()
    assert made["status"] == 200 and not errors_of(made["body"], told["responses"]["200"]["schema"])
    assert http.get(f"{path}/mock", {"seed": made["seed"]}).json() == made
    assert http.get(f"{path}/mock", {"status": 404}).json()["body"].keys() == {"error"}
    assert http.get(f"{path}/mock", {"status": 302}).status_code == 422
    assert http.get(f"{path}/mock", {"status": "x"}).status_code == 422


def test_the_mock_server_answers_from_the_schema(http, mock):
    answer = mock("get", "/parcels/PX-10422")
    assert answer.status_code == 200 and answer.json()["parcel_id"] == "PX-10422"
    again = mock("get", "/parcels/PX-10422", Prefer=f"seed={answer['X-Mock-Seed']}")
    assert (
        again.json() == answer.json()
        and mock("get", f"/parcels/PX-10422?mock_seed={answer['X-Mock-Seed']}").json() == again.json()
    )
    assert isinstance(mock("get", "/v1/parcels").json(), list)  # below its server's own path, too
    gone = mock("delete", "/parcels/PX-1")
    assert gone.status_code == 204 and gone.content == b""
    assert mock("get", "/couriers/7").status_code == 500  # all that it describes is "default"


def test_the_caller_picks_the_answer(mock):
    answer = mock("get", "/parcels/PX-10422", Prefer="code=404, seed=5")
    assert answer.status_code == 404 and answer.json().keys() == {"error"} and answer["X-Mock-Seed"] == "5"
    assert mock("get", "/couriers/7", Prefer="code=503").status_code == 503
    for wish, why in (
        ("code=302", "no answer 302"),
        ("code=abc", "names no status"),
        ("seed=x", "no whole number"),
    ):
        answer = mock("get", "/parcels/PX-1", Prefer=wish)
        assert answer.status_code == 422 and why in answer.json()["error"]["message"]


def test_what_is_sent_is_checked_and_comes_back(http, deliveries, mock):
    made = mock("post", "/parcels", PARCEL)
    assert made.status_code == 201 and {**made.json(), **PARCEL} == made.json()
    answer = mock("post", "/parcels", {"parcel_id": "7", "status": "lost", "weight_kg": 99, "colour": 1})
    details = " ".join(answer.json()["error"]["details"])
    assert answer.status_code == 422
    assert all(name in details for name in ("body.parcel_id", "body.status", "body.weight_kg", "colour"))
    assert "body: it is required" in mock("post", "/parcels").json()["error"]["message"]
    broken = http.post(f"/api/apis/{deliveries['id']}/mock/parcels", "{", content_type="application/json")
    assert broken.json()["error"]["details"] == ["body: it is not JSON"]
    assert mock("get", "/parcels?limit=900").json()["error"]["details"] == [
        "query.limit: 900 is greater than the maximum of 50"
    ]
    assert mock("get", "/parcels?limit=9").status_code == 200


def test_a_body_nested_without_measure_is_refused(http, deliveries):
    nested = '{"inside": [' * 800 + "]}" * 800
    path = f"/api/apis/{deliveries['id']}/mock/parcels"
    answer = http.post(path, nested, content_type="application/json")
    assert answer.status_code == 422 and "body" in answer.json()["error"]["message"]


def test_what_is_not_described_is_refused_with_what_is(mock):
    answer = mock("get", "/vans")
    assert (
        answer.status_code == 404 and "/couriers/{courier_id}, /parcels" in answer.json()["error"]["message"]
    )
    answer = mock("put", "/parcels/7", {})
    assert answer.status_code == 405 and "it has DELETE, GET" in answer.json()["error"]["message"]
