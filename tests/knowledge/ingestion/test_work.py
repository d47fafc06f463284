"""Ingestion survives what may happen to it, embeds nothing twice, and shows the old passages until the new ones are whole."""

import threading
import time

import pytest
from django.utils import timezone

from flowbuilder.knowledge import services
from flowbuilder.knowledge.ingestion import work
from flowbuilder.knowledge.ingestion.embedding import embed_texts
from flowbuilder.knowledge.ingestion.leases import READ, Lost, take
from flowbuilder.knowledge.models import Document, DocumentStatus, IndexChange, StagedVector
from flowbuilder.knowledge.turns import Turns
from flowbuilder.knowledge.turns import turns as waiting

pytestmark = pytest.mark.django_db


def sections(*names):
    return "\n\n".join(f"## {name}\n\nWhat {name} is." for name in names)


def texts(document):
    return [passage.text for passage in document.passages.order_by("ordinal")]


def again(document, **fields):
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.QUEUED, phase="splitting", **fields)
    work.ingest(str(document.pk))
    document.refresh_from_db()


def kill(*_):
    raise SystemExit


def abandoned(document):
    """As a killed worker leaves it, once its lease is over."""
    rows = Document.objects.filter(pk=document.pk)
    assert rows.get().status == DocumentStatus.INDEXING
    rows.update(lease_until=timezone.now())


def test_passages_know_where_they_stand(add):
    document = add(sections("Parcel", "Route"))
    assert document.status == "ready" and not document.phase
    first, second = document.passages.order_by("ordinal")
    assert (first.start, first.end) == (0, 26) and second.start == 28
    assert first.heading == "Parcel" and first.searched and first.words and first.vector


def test_a_killed_worker_s_successor_goes_on_behind_the_last_batch(base, embedded):
    document = services.add_document(
        base=base, name="a.md", data=sections(*(f"Thing{n}" for n in range(30))).encode()
    )
    embedded.before = lambda batch: len(embedded) >= 16 and kill()
    with pytest.raises(SystemExit):
        work.ingest(str(document.pk))
    document.refresh_from_db()
    assert (document.phase, document.done, document.planned) == ("embedding", 16, 30)
    assert document.passages.count() == 0 and StagedVector.objects.count() == 16
    abandoned(document)
    embedded.before = lambda batch: None
    work.ingest(str(document.pk))
    assert len(embedded) == len(set(embedded)) == 30
    assert document.passages.exclude(vector=None).count() == 30 and not StagedVector.objects.exists()


@pytest.mark.parametrize("place", ["reading.write_text", "embedding.pieces_of", "switching.note"])
def test_a_worker_may_be_killed_anywhere(base, embedded, monkeypatch, place):
    document = services.add_document(base=base, name="a.md", data=sections("Parcel", "Route").encode())
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(f"flowbuilder.knowledge.ingestion.{place}", kill)
        work.ingest(str(document.pk))
    assert document.passages.count() == 0
    abandoned(document)
    work.ingest(str(document.pk))
    document.refresh_from_db()
    assert document.status == "ready" and len(texts(document)) == 2


def test_a_document_that_stops_its_workers_is_given_up(base, embedded, monkeypatch):
    document = services.add_document(base=base, name="a.md", data=b"# Parcel")
    monkeypatch.setattr("flowbuilder.knowledge.ingestion.embedding.pieces_of", kill)
    for _ in range(3):
        with pytest.raises(SystemExit):
            work.ingest(str(document.pk))
        abandoned(document)
    work.ingest(str(document.pk))
    document.refresh_from_db()
    assert document.status == "failed" and "stopped 3 times while splitting" in document.error


def test_who_lost_a_document_writes_nothing(base, embedded):
    document = services.add_document(base=base, name="a.md", data=b"# Parcel")
    first = take(~READ)
    abandoned(document)
    second = take(~READ)
    with pytest.raises(Lost):
        first.write(done=1)
    second.write(done=1)


def test_the_same_text_is_embedded_once(add, embedded):
    add(sections("Parcel", "Route"))
    add(sections("Parcel", "Route", "Depot") + "\n\n## Parcel\n\nWhat Parcel is.", name="b.md")
    assert sorted(embedded) == [
        "Depot\n## Depot\n\nWhat Depot is.",
        "Parcel\n## Parcel\n\nWhat Parcel is.",
        "Route\n## Route\n\nWhat Route is.",
    ]


def test_searchers_see_the_old_passages_until_the_new_ones_are_whole(add, embedded):
    document = add(sections("Parcel", "Route"))
    old = texts(document)
    seen = []
    embedded.before = lambda batch: seen.append(texts(document))
    again(document, splitting={"method": "delimiter", "delimiter": "What"})
    assert seen and all(found == old for found in seen)
    assert texts(document) != old


def test_what_stays_the_same_keeps_its_row_and_is_not_noted(add):
    document = add(sections("Parcel", "Route"))
    before = {passage.text: passage.pk for passage in document.passages.all()}
    document.passages.filter(text__contains="Route").update(enabled=False)
    IndexChange.objects.all().delete()
    again(document)
    assert {passage.text: passage.pk for passage in document.passages.all()} == before
    assert not IndexChange.objects.exists() and document.passages.filter(enabled=False).count() == 1


def test_edited_passages_are_kept_in_place_of_what_they_replaced(add):
    document = add(sections("Parcel", "Route", "Depot"))
    changed = document.passages.get(ordinal=1)
    document.passages.filter(pk=changed.pk).update(text="A route is mine.", edited=True)
    document.passages.create(base=document.base, ordinal=3, text="Added.", edited=True)
    again(document)
    assert texts(document)[1:2] == ["A route is mine."] and texts(document)[-1] == "Added."
    assert len(texts(document)) == 4


def test_families_stand_behind_their_parents(add):
    document = add(sections("Parcel", "Route"))
    again(document, splitting={"method": "sentence", "parents": "section"})
    parents = list(document.passages.filter(searched=False))
    assert len(parents) == 2 and all(not parent.words and parent.vector is None for parent in parents)
    assert all(child.parent_id for child in document.passages.filter(searched=True))
    again(document, splitting=None)
    assert not document.passages.filter(searched=False).exists() and document.passages.count() == 2


def test_questions_are_what_is_searched(add):
    document = add("Q: How heavy?\nA: Two kilograms.")
    again(document, splitting={"method": "questions"})
    (passage,) = document.passages.all()
    assert (passage.question, passage.text, passage.words) == ("How heavy?", "Two kilograms.", ["heavy"])


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.pdf", b"%PDF-1.4 nothing", "damaged"),
        ("a.json", b'{"a": ', "It is not JSON: line 1"),
        ("a.html", b"<html><script>x()</script></html>", "No text was found"),
    ],
)
def test_each_failure_has_its_reason(base, embedded, name, data, why):
    document = services.add_document(base=base, name=name, data=data)
    work.ingest(str(document.pk))
    document.refresh_from_db()
    assert document.status == "failed" and why in document.error


def test_settings_that_do_not_fit_fail_and_leave_the_old_passages(add):
    document = add(sections("Parcel"))
    again(document, splitting={"method": "questions"})
    assert document.status == "failed" and "No questions" in document.error and len(texts(document)) == 1


def test_a_held_document_is_read_and_waits(base, embedded):
    document = services.add_document(base=base, name="a.md", data=b"# Parcel")
    Document.objects.filter(pk=document.pk).update(hold=True)
    work.ingest(str(document.pk))
    document.refresh_from_db()
    assert document.status == "held" and not embedded and not document.passages.exists()


def test_near_duplicates_are_told(add):
    first = add(sections(*(f"Record{n}" for n in range(60))))
    second = add(sections(*(f"Record{n}" for n in range(58))), name="b.md")
    third = add("Something else entirely, about rivers and boats.", name="c.md")
    assert second.resembles_id == first.pk and 0.8 < second.resemblance < 1
    assert first.resembles_id is None and third.resembles_id is None


def test_a_line_woken_while_it_works_looks_again():
    begun, go_on, steps = threading.Event(), threading.Event(), []

    def step():
        steps.append(1)
        begun.set()
        go_on.wait(10)
        return False

    line = work.Line("test", step)
    line.wake()
    assert begun.wait(10)
    line.wake()
    go_on.set()
    assert line.wait(10) and len(steps) == 2


def test_a_batch_waits_for_the_questions():
    turns, order = Turns(), []
    answered = threading.Event()

    def batch():
        turns.wait()
        order.append("batch")

    with turns.question():
        thread = threading.Thread(target=batch)
        thread.start()
        answered.wait(0.2)
        order.append("question")
    thread.join(10)
    assert order == ["question", "batch"]


def test_no_batch_is_begun_while_a_question_is_answered(base, embedded):
    begun, go_on, batches = threading.Event(), threading.Event(), []

    def before(batch):
        batches.append(batch)
        begun.set()
        go_on.wait(10)

    embedded.before = before
    thread = threading.Thread(target=lambda: [embed_texts(base, [str(number)]) for number in range(3)])
    thread.start()
    assert begun.wait(10)
    with waiting.question():
        go_on.set()
        thread.join(0.3)
        assert len(batches) == 1
    thread.join(10)
    assert len(batches) == 3


def test_the_smallest_document_comes_first(base, embedded):
    for name in ("a long document", "note"):
        services.add_document(base=base, name="a.md", data=name.encode())
    assert take(~READ).document.size == len("note")


def test_questions_without_end_do_not_stop_a_document(monkeypatch):
    monkeypatch.setattr("flowbuilder.knowledge.turns.LONGEST_WAIT", 0.05)
    turns, started = Turns(), time.monotonic()
    with turns.question():
        turns.wait()
    assert time.monotonic() - started < 2
