from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.safety.expectations.bodies import of_base
from tests.safety.expectations.rules import FLOW, THING, Rule, changes, edits, reads, shows


def a_file(world: Any) -> dict[str, Any]:
    return {"files": [SimpleUploadedFile("notes.txt", b"A parcel has an id.")]}


def some_answers(world: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("answers.csv", b"question,answer\nHow heavy?,2 kg\n")}


ROUTES: dict[str, dict[str, Rule]] = {
    "api/knowledge": {"GET": reads(), "POST": edits(done=201, sends=lambda world: {"name": "New"})},
    "api/knowledge/<base_id>": {"GET": reads(THING), "DELETE": edits(THING, done=204)},
    "api/knowledge/<base_id>/documents": {
        "GET": reads(THING),
        "POST": edits(THING, done=202, sends=a_file, form=True),
    },
    "api/knowledge/<base_id>/embedder": {
        "GET": reads(THING),
        "PUT": edits(THING, done=202, sends=lambda world: {"embedder": "nobody/nothing"}),
        "DELETE": edits(THING, done=204),
    },
    "api/knowledge/<base_id>/search": {
        "GET": reads(THING),
        "POST": reads(THING, sends=lambda world: {"question": "What has a parcel?"}),
    },
    "api/knowledge/<base_id>/questions": {
        "POST": reads(THING, done=202, sends=lambda world: {"question": "What has a parcel?"})
    },
    "api/runs/<run_id>/correction": {
        "POST": edits(FLOW, done=201, sends=lambda world: {"answer": "It has an id."} | of_base(world)),
    },
    "api/knowledge/<base_id>/addresses": {
        "POST": edits(THING, done=202, sends=lambda world: {"url": "https://example.test/guide"})
    },
    "api/knowledge/<base_id>/texts": {
        "POST": edits(THING, done=202, sends=lambda world: {"text": "# Parcel"})
    },
    "api/knowledge/<base_id>/splitting": {
        "GET": reads(THING),
        "PUT": edits(THING, sends=lambda world: {"method": "sentence"}),
    },
    "api/knowledge/<base_id>/metadata": {
        "POST": edits(
            THING,
            sends=lambda world: {"documents": [str(world.parameters["document_id"])], "put": {"year": 1}},
        )
    },
    "api/knowledge/<base_id>/answers": {
        "GET": reads(THING),
        "POST": edits(THING, done=201, sends=lambda world: {"question": "How heavy?", "answer": "2 kg"}),
    },
    "api/documents/<document_id>": {
        "GET": reads(THING),
        "PATCH": edits(THING, sends=lambda world: {"enabled": False}),
        "DELETE": edits(THING, done=204),
    },
    "api/documents/<document_id>/text": {"GET": reads(THING)},
    "api/documents/<document_id>/splitting": {
        "GET": reads(THING),
        "PUT": edits(THING, done=202, sends=lambda world: {"splitting": {"method": "sentence"}}),
    },
    "api/documents/<document_id>/splitting/preview": {
        "POST": reads(THING, sends=lambda world: {"method": "sentence"})
    },
    "api/documents/<document_id>/indexing": {"POST": edits(THING, done=202), "DELETE": edits(THING)},
    "api/documents/<document_id>/passages": {
        "GET": reads(THING),
        "POST": edits(THING, done=201, sends=lambda world: {"text": "A parcel."}),
    },
    "api/passages/<passage_id>": {
        "GET": reads(THING),
        "PATCH": edits(THING, sends=lambda world: {"text": "A parcel."}),
        "DELETE": edits(THING, done=204),
    },
    "knowledge/": {"GET": shows(), "POST": changes(sends=lambda world: {"name": "New"})},
    "knowledge/<base_id>/": {"GET": shows(THING)},
    "knowledge/<base_id>/deletion/": {"POST": changes(THING)},
    "knowledge/<base_id>/documents/": {"POST": changes(THING, done=200, sends=a_file)},
    "knowledge/<base_id>/documents/changes/": {
        "POST": changes(
            THING, sends=lambda world: {"document": str(world.parameters["document_id"]), "action": "off"}
        )
    },
    "knowledge/<base_id>/sources/": {"POST": changes(THING, sends=lambda world: {"text": "# Parcel"})},
    "knowledge/<base_id>/settings/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"method": "sentence"}),
    },
    "knowledge/<base_id>/answers/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"question": "How heavy?", "answer": "2 kg"}),
    },
    "knowledge/<base_id>/answers/import/": {"POST": changes(THING, done=200, sends=some_answers)},
    "knowledge/<base_id>/embedder/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"other": "nobody/nothing"}),
    },
    "knowledge/<base_id>/search/": {"GET": shows(THING)},
    "knowledge/documents/<document_id>/": {"GET": shows(THING)},
    "knowledge/documents/<document_id>/text/": {"GET": shows(THING)},
    "knowledge/documents/<document_id>/splitting/": {
        "GET": shows(THING),
        "POST": changes(THING, sends=lambda world: {"method": "sentence"}),
    },
    "knowledge/documents/<document_id>/metadata/": {
        "POST": changes(THING, sends=lambda world: {"name": "year", "value": "2026"})
    },
    "knowledge/documents/<document_id>/switch/": {
        "POST": changes(THING, sends=lambda world: {"enabled": "no"})
    },
    "knowledge/documents/<document_id>/cancellation/": {"POST": changes(THING)},
    "knowledge/documents/<document_id>/passages/": {
        "POST": changes(THING, sends=lambda world: {"text": "A parcel."})
    },
    "knowledge/passages/<passage_id>/": {
        "GET": shows(THING, done=302),
        "POST": changes(THING, sends=lambda world: {"text": "A parcel."}),
    },
    "knowledge/passages/<passage_id>/switch/": {
        "POST": changes(THING, sends=lambda world: {"enabled": "no"})
    },
    "knowledge/passages/<passage_id>/deletion/": {"POST": changes(THING)},
    "knowledge/documents/<document_id>/deletion/": {"POST": changes(THING)},
    "knowledge/documents/<document_id>/indexing/": {"POST": changes(THING)},
}
