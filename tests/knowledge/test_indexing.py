"""Indexing with the real embedder: the sample protocol is found by asking."""

from pathlib import Path

import pytest

from examples.protocol.source.protocol import records
from flowbuilder.flows.gallery import templates
from flowbuilder.knowledge import services
from flowbuilder.knowledge.ingestion.work import ingest
from flowbuilder.knowledge.models import Document
from flowbuilder.knowledge.retrieval.search import look
from nodes.knowledge.looking import Looking
from nodes.language.fields import schema_of

PROTOCOL = Path("examples/protocol/parcel-protocol.md").read_text()
WHOLE = {"parcel", "depot", "locker", "route", "payment", "scanner_status", "customs_declaration"}
pytestmark = [pytest.mark.django_db]

QUESTIONS = {
    "Which fields does a parcel record have?": "parcel record",
    "Make a courier record.": "courier record",
    "What is written when a parcel passes a scanner?": "scan_event record",
    "the list of stops that is driven": "route record",
    "building where parcels are sorted": "depot record",
    "self-service cabinet for recipients": "locker record",
    "parcel going back to the sender": "return record",
    "paper for crossing a border": "customs_declaration record",
    "asking the customer to pay": "invoice record",
    "courier at the door, nobody home": "delivery_attempt record",
}


def find(base_id, question, limit):
    return look([base_id], question, Looking(limit=limit), dense=True)["hits"]


def filled(asker, text):
    base = services.create_base(asker=asker, name="Protocol")
    ingest(str(services.add_document(base=base, name="protocol.md", data=text.encode()).pk))
    return base


@pytest.fixture
def base(asker):
    """One chapter of the protocol."""
    return filled(asker, PROTOCOL[PROTOCOL.index("## 8 ") : PROTOCOL.index("## 9 ")])


def test_the_whole_protocol_finds_the_right_passage_and_gives_the_template_whole_records(asker):
    base = filled(asker, PROTOCOL)
    first = {question: [hit["heading"] for hit in find(base.pk, question, 3)] for question in QUESTIONS}
    wrong = {
        question: headings
        for question, headings in first.items()
        if not any(heading.endswith(f" › {QUESTIONS[question]}") for heading in headings)
    }
    assert len(wrong) <= 1, wrong

    (template,) = (each for each in templates() if each.slug == "protocol-mock-bot")
    (retrieve,) = (node for node in template.graph["nodes"] if node["type"] == "knowledge.retrieve")
    given = {name: value for name, value in retrieve["settings"].items() if name in Looking.model_fields}
    for record in records():
        if record.name in WHOLE:
            asked = f"Make a {record.title.en} record."
            context = look([base.pk], asked, Looking(**given), dense=True)["hits"][0]["text"]
            read = schema_of(f"Context:\n{context}\n\nQuestion: {asked}")
            assert list(read["properties"]) == [field.name for field in record.fields]


def test_a_hit_tells_its_source_and_scores(base):
    hit = find(base.pk, "parcel weight", 2)[0]
    assert hit["source"] == "protocol.md" and 0 < hit["score"] <= 1
    assert hit["parts"]["dense"] > 0 and hit["parts"]["keyword"] > 0


def test_chinese_goes_by_keywords(base, asker):
    document = services.add_document(
        base=base, name="中文.md", data="# 包裹\n\n包裹记录包含状态字段。".encode()
    )
    ingest(str(document.pk))
    hit = find(base.pk, "包裹状态", 1)[0]
    assert hit["source"] == "中文.md" and hit["parts"]["dense"] is None


def test_indexing_again_replaces(base):
    document = base.documents.get()
    before = document.passages.count()
    Document.objects.filter(pk=document.pk).update(status="queued")
    ingest(str(document.pk))
    assert document.passages.count() == before > 10


def test_a_deleted_document_is_found_no_more(base, asker):
    services.delete_document(base.documents.get(), asker=asker)
    assert find(base.pk, "parcel", 3) == []


def test_an_unreadable_document_says_why(base):
    document = services.add_document(base=base, name="bad.pdf", data=b"%PDF-1.4 nothing")
    ingest(str(document.pk))
    document.refresh_from_db()
    assert document.status == "failed" and "damaged" in document.error
