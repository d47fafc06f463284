"""Each kind of document becomes operations with schemas of their own; a bad one is refused at its place."""

import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from flowbuilder.apis.importing.confined import read, understood
from flowbuilder.apis.importing.refusal import Refused
from nodes.json_rules import errors_of
from nodes.mock.records import make
from tests.apis.conftest import OPENAPI, POSTMAN, SWAGGER


def operations(text, example=""):
    said = read(text if isinstance(text, str) else json.dumps(text), example)
    return {f"{each['method']} {each['path']}": each for each in said["operations"]}


def test_an_openapi_document():
    said = read(OPENAPI, "")
    assert (said["source"], said["title"], said["version"]) == ("OpenAPI 3.0", "Deliveries", "1.2")
    found = operations(OPENAPI)
    assert list(found) == [
        *("GET /parcels", "POST /parcels", "GET /parcels/{parcel_id}", "DELETE /parcels/{parcel_id}"),
        "GET /couriers/{courier_id}",
    ]
    one = found["GET /parcels/{parcel_id}"]
    assert one["parameters"][0]["name"] == "parcel_id" and list(one["responses"]) == ["200", "404"]
    assert found["DELETE /parcels/{parcel_id}"]["responses"]["204"]["schema"] is None


def test_a_schema_stands_for_itself_also_where_it_refers_to_itself():
    schema = operations(OPENAPI)["GET /parcels/{parcel_id}"]["responses"]["200"]["schema"]
    assert list(schema["$defs"]) == ["Parcel"]
    parcel = schema["$defs"]["Parcel"]
    assert parcel["properties"]["inside"]["items"] == {"$ref": "#/$defs/Parcel"}
    assert parcel["properties"]["weight_kg"] == {
        "type": ["number", "null"],
        "exclusiveMinimum": 0,
        "maximum": 31.5,
    }
    Draft202012Validator.check_schema(schema)
    assert not errors_of(make(schema, seed=3), schema)


def test_what_is_only_read_is_not_sent_and_what_is_only_written_is_not_told():
    made = operations(OPENAPI)["POST /parcels"]
    assert "registered_on" not in made["request"]["$defs"]["Parcel"]["properties"]
    assert "secret" not in made["responses"]["201"]["schema"]["$defs"]["Parcel"]["properties"]


def test_a_swagger_document():
    found = operations(SWAGGER)
    schema = found["GET /parcels/{id}"]["responses"]["200"]["schema"]
    assert schema["$defs"]["Parcel"]["properties"]["note"] == {"type": ["string", "null"]}
    assert found["PUT /parcels/{id}"]["request"]["$ref"] == "#/$defs/Parcel"
    assert found["GET /parcels/{id}"]["parameters"][0]["schema"] == {"type": "integer"}
    assert read(json.dumps(SWAGGER), "")["document"]["servers"] == [{"url": "/api"}]


def test_a_postman_collection():
    found = operations(POSTMAN)
    one = found["GET /parcels/{id}"]
    schema = one["responses"]["200"]["schema"]
    assert schema["required"] == ["id", "kg", "tags"] and schema["properties"]["kg"]["type"] == "number"
    assert schema["properties"]["id"]["examples"] == ["PX-10422", "PX-10423"] and "404" in one["responses"]
    new = found["POST /parcels"]
    assert new["request"]["properties"]["at"]["format"] == "date-time"
    assert [(each["in"], each["name"]) for each in new["parameters"]] == [("query", "dry")]


CURL = """curl -X POST 'https://api.example.com/v1/parcels/PX-10422/events?full=yes' \\
  -H 'Content-Type: application/json' --max-time 5 \\
  -d '{"kind": "scan", "count": 2}'"""


def test_a_curl_command_and_what_it_was_answered():
    found = operations(CURL, '{"id": "0b8e5e0a-5a0f-4c7e-9c59-3f2a0a7a5c11", "ok": true}')
    (one,) = found.values()
    assert list(found) == ["POST /v1/parcels/{parcel_id}/events"]
    assert one["request"]["required"] == ["kind", "count"]
    assert one["responses"]["200"]["schema"]["properties"]["id"]["format"] == "uuid"


@pytest.mark.parametrize(
    ("command", "place", "body"),
    [
        ("curl example.com/vans", "GET /vans", None),
        ("curl -XDELETE example.com/vans/7", "DELETE /vans/{van_id}", None),
        ("curl example.com/vans -d a=1 -d b=x", "POST /vans", {"a", "b"}),
        ("curl -G example.com/vans -d a=1", "GET /vans", None),
        ("curl --json '{\"a\": 1}' example.com/vans", "POST /vans", {"a"}),
        ("curl -F 'photo=@van.png' -F note=x example.com/vans", "POST /vans", {"photo", "note"}),
        ("$ curl -s -u me:secret https://example.com/v2/vans/", "GET /v2/vans", None),
    ],
)
def test_ways_to_write_a_command(command, place, body):
    ((found, operation),) = operations(command).items()
    assert found == place
    assert (operation["request"] and set(operation["request"]["properties"])) == body


def test_several_commands_are_several_operations():
    assert list(operations("curl example.com/vans\ncurl -X POST example.com/vans -d '{}'")) == [
        "GET /vans",
        "POST /vans",
    ]


def test_examples_of_whole_answers_reach_their_fields():
    document = OPENAPI.replace(
        'content: {application/json: {schema: {type: array, minItems: 1, items: {$ref: "#/components/schemas/Parcel"}}}}',
        'content: {application/json: {example: [{parcel_id: PX-77777, weight_kg: 2}], schema: {type: array, items: {$ref: "#/components/schemas/Parcel"}}}}',
    )
    schema = operations(document)["GET /parcels"]["responses"]["200"]["schema"]
    assert schema["$defs"]["Parcel"]["properties"]["parcel_id"]["examples"] == ["PX-77777"]


def test_a_discriminator_tells_branches_apart():
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {"/pets": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {
            "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": {"dog": "#/components/schemas/Dog"}},
        }}}}}}}},
        "components": {"schemas": {
            name: {"type": "object", "properties": {"kind": {"type": "string"}, "age": {"type": "integer"}}} for name in ("Cat", "Dog")
        }},
    }  # fmt: skip
    schema = operations(document)["GET /pets"]["responses"]["200"]["schema"]
    assert {make(schema, seed=seed)["kind"] for seed in range(20)} == {"Cat", "dog"}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD = [
    ("", "nothing in it"),
    ("{", "line 1, column 2: This is not JSON"),
    ("a: [", "line 2, column 1: This is neither JSON nor YAML"),
    ("just words", "none of what can be imported"),
    ('{"openapi": "4.0"}', "openapi: OpenAPI 4.0 is not known"),
    ("openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: {}", "paths: It has no operations"),
    ("openapi: 3.0.0\ninfo: {}\npaths: {}", "info: 'title' is a required property"),
    (OPENAPI.replace("#/components/schemas/Failure", "https://evil.example/x.json#/F"), "404.*nothing is fetched"),
    (OPENAPI.replace("#/components/schemas/Failure", "other.yaml"), "'other.yaml' is in another document"),
    (OPENAPI.replace("#/components/schemas/Failure", "#/components/schemas/None"), "get.responses.404.*points at nothing"),
    (OPENAPI.replace("type: string, enum", "type: strange, enum"), "Parcel.properties.status.type: 'strange' is not one of"),
    (OPENAPI.replace("{description: None,", "{", 1), "responses.404: 'description' is a required property"),
    (BOMB, "unfolds into more than"),
    ("a: &a [*a]", "nested more than 100"),
    ("[" * 5000, "nested more than 100"),
    ("{" + '"a":{' * 5000, "nested more than 100|not JSON"),
    ('{"openapi": "3.1.0", "x": 1e999}', "inf is no number in JSON"),
    ('{"openapi": "3.1.0", "x": ' + "9" * 5000 + "}", "too long to read"),
    ('{"openapi": "3.1.0", "x": NaN}', "NaN is no number"),
    ("!!python/object/apply:os.system ['true']", "neither JSON nor YAML"),
    ("curl -d @/etc/passwd example.com", "reads a file"),
    ("curl 'example.com", "cannot be read"),
    ("curl -X", "stands without"),
    ("curl -s", "names no address"),
    (json.dumps({"info": {"name": "x"}, "item": []}), "item: The collection holds no requests"),
    (json.dumps({"info": {"name": "x"}, "item": [{"request": {"method": "BREW", "url": "/x"}}]}), "item.0.request.method: 'BREW'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), BAD, ids=range(len(BAD)))
def test_a_bad_document_is_refused_at_its_place(text, why):
    with pytest.raises(Refused, match=why):
        read(text, "")


def test_the_child_process_reads_refuses_and_opens_no_connection():
    assert understood(OPENAPI)["title"] == "Deliveries"
    with pytest.raises(Refused, match="nested more than"):
        understood("a: &a [*a]")
    with pytest.raises(Refused, match="may have 5 MB"):
        understood("x" * (6 * 2**20))
    program = (
        "import socket; from flowbuilder.apis.importing import confined\n"
        'import sys, io; sys.stdin = io.TextIOWrapper(io.BytesIO(b\'{"text": "x", "example": ""}\'))\n'
        "confined.main()\n"
        "try: socket.create_connection(('127.0.0.1', 1))\n"
        "except OSError as error: sys.stderr.write(str(error))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "without any connection" in said.stderr


def test_yaml_s_surprises_are_read_as_openapi_means_them():
    document = OPENAPI.replace("enum: [created, delivered]", "enum: [no, on, 2026-01-01]")
    schema = operations(document)["POST /parcels"]["request"]
    assert schema["$defs"]["Parcel"]["properties"]["status"]["enum"] == ["no", "on", "2026-01-01"]
