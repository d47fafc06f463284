"""Whose hold on a transfer counts: the one that is heard, and of two the one that took it last."""

import uuid

import pytest

from flowbuilder.modelhub import adding
from flowbuilder.modelhub.models import ModelVersion, VersionStatus
from flowbuilder.modelhub.transfer import Cancelled, Progress, TakenOver, beating, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(asker):
    return adding.add_model(asker=asker, name="mine", source="hub", location="acme/tiny")


@pytest.fixture
def woken(monkeypatch):
    seen: list[uuid.UUID] = []
    monkeypatch.setattr(adding, "wake_worker", lambda row, task="": seen.append(row.pk))
    return seen


def taken(version):
    importing = ModelVersion.objects.filter(status=VersionStatus.IMPORTING)
    return take(importing, version.pk, lambda rows, attempts: None)


def test_one_worker_at_a_time(version):
    assert taken(version).attempts == 1
    assert taken(version) is None


def test_while_a_worker_is_heard_it_keeps_what_it_has(version, woken):
    with beating(taken(version)):
        adding.sweep()
    assert version.pk not in woken


def test_what_a_killed_worker_left_goes_to_the_next_at_once(version, woken):
    """No heartbeat: as after a kill, long before the lease would have run out."""
    first = taken(version)
    adding.sweep()
    assert version.pk in woken
    assert taken(version).attempts == 2
    with pytest.raises(TakenOver):
        Progress(first, {"model.safetensors": 10})


def test_a_wish_to_stop_is_seen_with_the_next_word(version):
    progress = Progress(taken(version), {"a": 10, "b": 20})
    adding.cancel_import(version)
    with pytest.raises(Cancelled):
        progress.tell()


def test_how_far_it_is_stands_in_the_row(version, monkeypatch):
    monkeypatch.setattr("flowbuilder.modelhub.transfer.TELL_SECONDS", 0)
    progress = Progress(taken(version), {"a": 10, "b": 20})
    progress.at("b", 5)
    progress.finished("a")
    version.refresh_from_db()
    assert version.progress == [{"name": "a", "done": 10, "size": 10}, {"name": "b", "done": 5, "size": 20}]
    assert (version.bytes_done, version.bytes_wanted) == (15, 30)


def test_the_hub_s_client_tells_through_its_bar(version, monkeypatch):
    monkeypatch.setattr("flowbuilder.modelhub.transfer.TELL_SECONDS", 0)
    progress = Progress(taken(version), {"a": 10})
    with progress.bar("a")(total=10, initial=4, unit="B") as bar:
        bar.update(3)
    version.refresh_from_db()
    assert version.progress[0]["done"] == 7
