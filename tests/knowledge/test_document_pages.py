"""Pages of documents: looking before committing, editing passages, metadata, many at once, and large ones stay quick."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from flowbuilder.knowledge import services, storage
from flowbuilder.knowledge.models import Document, DocumentStatus, IndexChange, Passage

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
TEXT = "# Parcel\n\nA parcel has a weight. It has an id.\n\n# Route\n\nA route has stops."


@pytest.fixture
def base(asker):
    return services.create_base(asker=asker, name="Protocol")


@pytest.fixture
def document(base):
    """Read, split in two, ready."""
    document = services.add_document(base=base, name="parcel.md", data=TEXT.encode())
    storage.write_text(document, TEXT)
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.READY)
    for ordinal, (start, end) in enumerate([(0, 46), (48, len(TEXT))]):
        Passage.objects.create(
            base=base,
            document=document,
            ordinal=ordinal,
            text=TEXT[start:end],
            start=start,
            end=end,
            vector=b"\0\0",
        )
    document.refresh_from_db()
    return document


@pytest.fixture
def client(api_client, owner):
    return api_client(owner)


def queries_of(client, path):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_a_splitting_is_seen_side_by_side_and_changes_nothing(client, document):
    page = client.get(
        f"/knowledge/documents/{document.pk}/splitting/", {"method": "sentence", "unit": "characters"}
    )
    shown = page.content.decode()
    assert shown.count('data-testid="preview"') == 2 and shown.count('data-testid="piece"') == 3
    document.refresh_from_db()
    assert document.splitting is None and document.status == "ready"


def test_committing_queues_it_and_keeps_the_old_passages(client, base, document):
    sent = {"method": "sentence", "unit": "characters", "length": "300", "as_default": "on"}
    client.post(f"/knowledge/documents/{document.pk}/splitting/", sent)
    document.refresh_from_db()
    base.refresh_from_db()
    assert document.splitting["method"] == base.splitting["method"] == "sentence"
    assert (document.status, document.phase) == ("queued", "splitting") and document.passages.count() == 2


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"method": "automatic", "length": "50", "overlap": "40"}, "half of the length"),
        ({"method": "delimiter", "delimiter": "(", "pattern": "on"}, "is no pattern"),
        ({"method": "questions"}, "No questions and answers were found"),
    ],
)
def test_settings_that_do_not_fit_are_named(client, document, sent, why):
    page = client.get(f"/knowledge/documents/{document.pk}/splitting/", {"unit": "characters", **sent})
    assert why in page.content.decode()


def test_held_documents_are_committed_together(client, base):
    files = [SimpleUploadedFile(name, name.encode()) for name in ("a.md", "b.md")]
    client.post(f"/knowledge/{base.pk}/documents/", {"files": files, "hold": "on"})
    first, second = base.documents.order_by("created_at")
    assert first.hold and second.hold
    for document in (first, second):
        storage.write_text(document, document.name)
    base.documents.update(status=DocumentStatus.HELD)
    client.post(f"/knowledge/documents/{first.pk}/splitting/", {"method": "sentence", "scope": "held"})
    assert (
        list(base.documents.values_list("status", "hold", "splitting__method"))
        == [("queued", False, "sentence")] * 2
    )


def test_a_passage_is_edited_in_its_place(client, document):
    passage = document.passages.first()
    IndexChange.objects.all().delete()
    page = client.post(
        f"/knowledge/passages/{passage.pk}/", {"text": "Mine.", "heading": "H"}, headers=PARTIAL
    )
    assert "Mine." in page.content.decode() and "edited" in page.content.decode()
    passage.refresh_from_db()
    assert passage.edited and passage.vector is None and "mine" in passage.words
    assert list(IndexChange.objects.values_list("passage_id", flat=True)) == [passage.pk]


def test_an_empty_passage_is_refused_in_its_place(client, document):
    passage = document.passages.first()
    page = client.post(f"/knowledge/passages/{passage.pk}/", {"text": "  "}, headers=PARTIAL)
    assert page.status_code == 422 and "needs a text" in page.content.decode()


def test_passages_come_and_go(client, document):
    client.post(f"/knowledge/documents/{document.pk}/passages/", {"text": "Added."})
    added = document.passages.get(text="Added.")
    assert added.ordinal == 2 and added.edited and added.start is None
    client.post(f"/knowledge/passages/{added.pk}/switch/", {"enabled": "no"})
    assert not document.passages.get(text="Added.").enabled
    client.post(f"/knowledge/passages/{added.pk}/deletion/")
    assert document.passages.count() == 2


def test_the_same_text_takes_the_vector_that_is_there(client, base, document):
    client.post(f"/knowledge/documents/{document.pk}/passages/", {"text": "Twice."})
    Passage.objects.filter(text="Twice.").update(vector=b"\1\1")
    client.post(f"/knowledge/documents/{document.pk}/passages/", {"text": "Twice."})
    assert [bytes(row.vector) for row in Passage.objects.filter(text="Twice.")] == [b"\1\1"] * 2


def test_a_citation_opens_the_text_at_its_place(client, document):
    page = client.get(f"/knowledge/documents/{document.pk}/", {"start": "10", "end": "32"}).content.decode()
    mark = page.split('<mark id="place"')[1].split("</mark>")[0]
    assert mark.endswith(TEXT[10:32]) and "#passage-" in page


def test_metadata_is_typed_and_set_for_many(client, base, document):
    other = services.add_document(base=base, name="b.md", data=b"b")
    for value in ("2026", "yes", "depot; route", "text"):
        sent = {
            "document": [document.pk, other.pk],
            "action": "describe",
            "name": f"is {value[:3]}",
            "value": value,
        }
        client.post(f"/knowledge/{base.pk}/documents/changes/", sent)
    document.refresh_from_db()
    values = {"is 202": 2026, "is yes": True, "is dep": ["depot", "route"], "is tex": "text"}
    assert document.metadata == values
    assert Document.objects.get(pk=other.pk).metadata == document.metadata
    client.post(f"/knowledge/documents/{document.pk}/metadata/", {"remove": "is 202"})
    assert "is 202" not in Document.objects.get(pk=document.pk).metadata


@pytest.mark.parametrize(("name", "why"), [("1x", "is no name"), ("x" * 60, "is no name")])
def test_metadata_that_is_wrong_is_named(client, document, name, why):
    sent = {"name": name, "value": "x"}
    page = client.post(f"/knowledge/documents/{document.pk}/metadata/", sent, headers=PARTIAL)
    assert page.status_code == 422 and why in page.content.decode()


def test_many_documents_are_switched_and_deleted(client, base, document, django_capture_on_commit_callbacks):
    path = f"/knowledge/{base.pk}/documents/changes/"
    client.post(path, {"document": document.pk, "action": "off"})
    assert not Document.objects.get(pk=document.pk).enabled
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"document": document.pk, "action": "delete"})
    assert not base.documents.exists() and not storage.text_path_of(document).exists()


def test_documents_of_other_bases_are_left_alone(client, asker, base, document):
    other = services.create_base(asker=asker, name="Other")
    page = client.post(
        f"/knowledge/{other.pk}/documents/changes/",
        {"document": document.pk, "action": "delete"},
        headers=PARTIAL,
    )
    assert page.status_code == 422 and base.documents.exists()


def test_documents_are_found_by_name_metadata_and_state(client, base, document):
    services.add_document(base=base, name="other.md", data=b"x")
    Document.objects.filter(pk=document.pk).update(metadata={"team": "depot"})
    for asked in ({"find": "parcel"}, {"find": "depot"}, {"is": "ready"}):
        page = client.get(f"/knowledge/{base.pk}/", asked, headers=PARTIAL).content.decode()
        assert "parcel.md" in page and "other.md" not in page


def test_cancelling_leaves_what_is_found(client, base, document):
    fresh = services.add_document(base=base, name="new.md", data=b"new")
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.INDEXING)
    for one in (document, fresh):
        client.post(f"/knowledge/documents/{one.pk}/cancellation/")
    assert Document.objects.get(pk=document.pk).status == "ready"
    assert Document.objects.get(pk=fresh.pk).status == "cancelled"


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"question,answer\nHow heavy?,2 kg\nHow far?,3 km\n", 2),
        ("编号;问题;答案\n1;多重？;两千克\n".encode("gb18030"), 1),
        (b"How heavy?,2 kg\n", 1),
        (b"question,answer\nHow heavy?,\n", 0),
        (b"", 0),
    ],
)
def test_answers_come_from_csv(client, base, data, kept):
    page = client.post(
        f"/knowledge/{base.pk}/answers/import/", {"file": SimpleUploadedFile("a.csv", data or b" ")}
    )
    assert page.status_code == (200 if kept else 422) and base.passages.exclude(question="").count() == kept


def test_addresses_and_texts_are_taken(client, base):
    client.post(f"/knowledge/{base.pk}/sources/", {"url": "https://example.test/guide"})
    client.post(f"/knowledge/{base.pk}/sources/", {"text": "# Pasted", "name": "Note"})
    assert sorted(base.documents.values_list("origin", "name")) == [
        ("text", "Note"),
        ("url", "https://example.test/guide"),
    ]
    page = client.post(f"/knowledge/{base.pk}/sources/", {"url": "http://u:p@example.test/"}, headers=PARTIAL)
    assert page.status_code == 422 and "password" in page.content.decode()


def test_a_hundred_files_at_once(client, base):
    files = [SimpleUploadedFile(f"{number}.md", f"# {number}".encode()) for number in range(100)]
    assert (
        client.post(f"/knowledge/{base.pk}/documents/", {"files": files}, headers=PARTIAL).status_code == 200
    )
    assert base.documents.count() == 100


def test_pages_ask_for_no_more_rows_when_there_are_more(client, base, document):
    paths = [
        f"/knowledge/{base.pk}/",
        f"/knowledge/documents/{document.pk}/",
        f"/api/knowledge/{base.pk}/documents",
        f"/knowledge/{base.pk}/answers/",
    ]
    document.passages.filter(ordinal=0).update(question="How heavy?")
    few = [queries_of(client, path) for path in paths]
    Document.objects.bulk_create(
        Document(
            workspace=base.workspace,
            base=base,
            name=f"{n}.md",
            format="md",
            size=1,
            sha256=str(n),
            metadata=json.loads('{"a": 1}'),
        )
        for n in range(60)
    )
    Passage.objects.bulk_create(
        (
            Passage(
                base=base,
                document=document,
                ordinal=n + 2,
                text="x" * 200,
                start=0,
                end=9,
                question="q" * (n % 2),
            )
            for n in range(5000)
        ),
        batch_size=500,
    )
    assert [queries_of(client, path) for path in paths] == few
