"""What workers do for indexes while nobody waits: take in changes, forget old ones, remove what belongs to no base."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.knowledge import services
from flowbuilder.knowledge.index import choice, index_of, outbox, upkeep
from flowbuilder.knowledge.ingestion import work
from flowbuilder.knowledge.models import IndexChange, KnowledgeBase
from tests.knowledge.index.conftest import Rows

pytestmark = [pytest.mark.django_db]
OLD = timedelta(days=2)


@pytest.fixture
def other(asker):
    return Rows(services.create_base(asker=asker, name="other"))


def age(changes, by=OLD):
    changes.update(at=timezone.now() - by)


def test_old_changes_are_forgotten_but_each_bases_newest(base, rows, other):
    rows.put_all([(["parcel"], None), (["depot"], None), (["route"], None)])
    other.put(["locker"])
    assert outbox.prune() == 0
    age(IndexChange.objects.all())
    rows.put(["late"])
    assert outbox.prune() == 3
    kept = list(IndexChange.objects.order_by("id").values_list("base_id", flat=True))
    assert kept == [other.base.pk, base.pk]


def test_a_prune_leaves_no_hole_where_clocks_differ(base, rows):
    first, second, third = (rows.put([word]) for word in ("parcel", "depot", "route"))
    age(IndexChange.objects.filter(passage_id__in=[first, third]))
    outbox.prune()
    assert list(IndexChange.objects.values_list("passage_id", flat=True)) == [third]
    assert second


def test_an_index_that_missed_pruned_changes_is_made_anew(base, rows):
    index = index_of(base)
    rows.put(["parcel"])
    assert index.catch_up() and index.count() == 1
    rows.put_all([(["depot"], None), (["route"], None)])
    age(IndexChange.objects.all())
    outbox.prune()
    rows.put(["late"])
    assert index.catch_up() and index.count() == 4
    assert {pk for pk, _ in index.matching(["depot", "late"], 9)} == {
        row.pk for row in base.passages.all() if row.text in {"depot", "late"}
    }


def test_what_is_left_of_a_deleted_base_is_removed_and_nothing_else(base, rows, other, index_folder):
    rows.put(["parcel"])
    other.put(["locker"])
    assert index_of(base).catch_up() and index_of(other.base).catch_up()
    gone = base.pk
    # As where the worker died between the deletion and the index's.
    KnowledgeBase.objects.filter(pk=gone).delete()
    choice._open.clear()
    upkeep.remove_orphans()
    assert index_of(other.base).matching(["locker"], 3) and index_of(gone).count() == 0
    if index_folder.is_dir():
        assert not (index_folder / gone.hex).exists()


def test_a_folder_of_nobody_is_removed_by_the_sweep(base, rows, index_folder):
    stray = index_folder / uuid.uuid4().hex
    stray.mkdir(parents=True)
    (stray / "graph-1.usearch").write_bytes(b"left")
    rows.put(["parcel"])
    upkeep.sweep()
    assert not stray.exists() and IndexChange.objects.count() == 1


def test_changes_of_late_are_taken_in_and_old_ones_are_left_to_the_next_question(base, rows, other):
    rows.put(["parcel"])
    other.put(["locker"])
    age(IndexChange.objects.filter(base_id=other.base.pk), timedelta(hours=1))
    upkeep.take_in_changes()
    assert (index_of(base).count(), index_of(other.base).count()) == (1, 0)


def test_the_indexer_works_each_wake_and_survives_a_failure(monkeypatch):
    """Woken while it works it goes round once more, and a database that is gone for a moment ends no worker."""
    rounds: list[int] = []
    working, going_on = threading.Event(), threading.Event()

    def take_in() -> bool:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            working.set()
            assert going_on.wait(20)
        if len(rounds) == 2:
            raise work.DatabaseError("gone for a moment")
        return False

    line = work.Line("knowledge-indexer-test", take_in)
    line.wake()
    assert working.wait(20)
    line.wake()
    line.wake()
    going_on.set()
    assert line.wait(20) and rounds == [0, 1]
    line.wake()
    assert line.wait(20) and rounds == [0, 1, 2]
