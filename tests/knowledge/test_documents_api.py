"""Documents and passages over HTTP: what is looked at changes nothing, what is sent is checked, what is not there is said."""

import json

import pytest

from flowbuilder.knowledge import services, storage
from flowbuilder.knowledge.ingestion.work import read_next
from flowbuilder.knowledge.models import Document, DocumentStatus

pytestmark = pytest.mark.django_db
TEXT = "# Parcel\n\nA parcel has a weight. It has an id."


@pytest.fixture
def base(asker):
    return services.create_base(asker=asker, name="Protocol")


@pytest.fixture
def document(base):
    document = services.add_document(base=base, name="parcel.md", data=TEXT.encode())
    storage.write_text(document, TEXT)
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.READY)
    return document


@pytest.fixture
def ask(api_client, owner):
    client = api_client(owner)

    def asked(method, path, body=None):
        answer = client.generic(method, f"/api/{path}", json.dumps(body) if body else "", "application/json")
        return answer.status_code, answer.json() if answer.content else None

    return asked


def test_a_preview_changes_nothing(ask, document):
    status, found = ask(
        "POST", f"documents/{document.pk}/splitting/preview", {"method": "sentence", "unit": "characters"}
    )
    assert status == 200 and [piece["text"] for piece in found["pieces"]] == [TEXT[:32], "It has an id."]
    assert (found["count"], found["longest"]) == (2, 32)
    assert Document.objects.get(pk=document.pk).status == "ready"


def test_wrong_settings_are_named(ask, document):
    status, refused = ask(
        "PUT", f"documents/{document.pk}/splitting", {"splitting": {"length": 30, "overlap": 20}}
    )
    assert status == 422 and "half of the length" in refused["error"]["message"]


def test_splitting_again_needs_no_second_upload(ask, document):
    storage.path_of(document).unlink()
    status, row = ask("PUT", f"documents/{document.pk}/splitting", {"splitting": {"method": "sentence"}})
    assert (status, row["status"], row["phase"]) == (202, "queued", "splitting")


def test_a_held_text_waits_and_is_committed(ask, base):
    _, row = ask("POST", f"knowledge/{base.pk}/texts", {"text": TEXT, "hold": True})
    assert read_next()
    assert ask("GET", f"documents/{row['id']}")[1]["status"] == "held"
    assert ask("PUT", f"documents/{row['id']}/splitting", {"splitting": None})[1]["status"] == "queued"


def test_passages_are_written_changed_and_listed(ask, document):
    path = f"documents/{document.pk}/passages"
    first, second = (ask("POST", path, {"text": text})[1] for text in ("One.", "Two."))
    ask("POST", path, {"text": "Between.", "after": first["id"]})
    ask("PATCH", f"passages/{second['id']}", {"text": "Two, changed.", "enabled": False})
    rows = ask("GET", path)[1]
    assert [(row["text"], row["enabled"]) for row in rows] == [
        ("One.", True),
        ("Between.", True),
        ("Two, changed.", False),
    ]
    assert [row["text"] for row in ask("GET", f"{path}?after=0&limit=1")[1]] == ["Between."]
    assert (
        ask("DELETE", f"passages/{first['id']}")[0] == 204 and ask("GET", f"passages/{first['id']}")[0] == 404
    )


@pytest.mark.parametrize(
    ("values", "why"),
    [({"1": "x"}, "is no name"), ({"a": {"b": 1}}, "must be a text"), ({"a": "x" * 600}, "more than 500")],
)
def test_metadata_that_is_wrong_changes_nothing(ask, document, values, why):
    status, refused = ask("PATCH", f"documents/{document.pk}", {"metadata": values})
    assert status == 422 and why in refused["error"]["message"]
    assert Document.objects.get(pk=document.pk).metadata == {}


def test_metadata_of_documents_that_are_not_here_is_refused(ask, asker, document):
    other = services.create_base(asker=asker, name="Other")
    status, _ = ask(
        "POST", f"knowledge/{other.pk}/metadata", {"documents": [str(document.pk)], "put": {"a": 1}}
    )
    assert status == 404


def test_a_stretch_of_the_text(ask, document):
    _, found = ask("GET", f"documents/{document.pk}/text?start=10&end=18")
    assert found == {"text": TEXT[10:18], "start": 10, "end": 18, "length": len(TEXT)}
