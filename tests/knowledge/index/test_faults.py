"""Whoever is killed between any two steps, and whatever became of the files: the next question is answered rightly."""

import os
import shutil
import sys
import threading
import time

import numpy as np
import pytest

from flowbuilder.knowledge.index import index_of
from flowbuilder.knowledge.index.embedded import graph, reading
from flowbuilder.knowledge.index.embedded.index import EmbeddedIndex
from tests.knowledge.index.conftest import DIMENSIONS, Plain
from tests.knowledge.index.test_conformance import WORDS, agree, some

pytestmark = [pytest.mark.django_db]
OURS = "/knowledge/index/"
KILLED = 9


@pytest.fixture
def random():
    return np.random.default_rng(5)


class Killed(BaseException):
    pass


def lines_of(work, stop_at: int | None = None, how=None) -> int:
    """How many lines of the indexes' code ``work`` runs; at the one with that number something happens."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if OURS not in frame.f_code.co_filename:
            return None
        if event == "line":
            count += 1
            if count == stop_at:
                how()
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("is_first", [True, False], ids=["made", "changed"])
def test_embedded_killed_between_any_two_steps(base, rows, random, tmp_path, index_folder, is_first):
    """In a child that ends at once, as kill -9 ends it: nothing is rolled back or closed."""
    ids = rows.put_all(some(random, 12))
    if not is_first:
        assert EmbeddedIndex(base.pk).catch_up()
        rows.change(ids[0], words=["locker"], vector=random.standard_normal(DIMENSIONS))
        rows.delete(ids[1])
        rows.put_all(some(random, 3))
    index_folder.mkdir(exist_ok=True)
    before = tmp_path / "before"
    shutil.copytree(index_folder, before, symlinks=True)
    steps = lines_of(lambda: EmbeddedIndex(base.pk).catch_up())
    assert steps > 100
    for step in np.linspace(1, steps, 30, dtype=int).tolist():
        shutil.rmtree(index_folder)
        shutil.copytree(before, index_folder, symlinks=True)
        child = os.fork()
        if not child:
            lines_of(lambda: EmbeddedIndex(base.pk).catch_up(), step, lambda: os._exit(KILLED))
            os._exit(0)
        os.waitpid(child, 0)
        agree(EmbeddedIndex(base.pk), base, random)


@pytest.mark.django_db(transaction=True)
def test_stopped_between_any_two_steps(base, kind, rows, random):
    """Each index, by an error at a step: what was not committed is as if it had not been."""
    ids = rows.put_all(some(random, 12))
    steps = lines_of(index_of(base).catch_up)
    for step in np.linspace(1, steps, 12, dtype=int).tolist():
        rows.change(ids[step % 12], words=[str(random.choice(WORDS))])
        index_of(base).drop()

        def stop():
            raise Killed

        try:
            lines_of(index_of(base).catch_up, step, stop)
        except Killed:
            pass
        agree(index_of(base), base, random)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("index.sqlite3", "missing"),
        ("index.sqlite3", "short"),
        ("index.sqlite3", "garbage"),
        ("passages.bin", "missing"),
        ("passages.bin", "short"),
        ("vectors.f16", "missing"),
        ("vectors.f16", "short"),
    ],
)
def test_damaged_files_are_made_anew(base, rows, random, index_folder, name, damage):
    rows.put_all(some(random, 12))
    EmbeddedIndex(base.pk).catch_up()
    path = next(path for path in index_folder.rglob(name))
    if damage == "missing":
        path.unlink()
    elif damage == "short":
        os.truncate(path, 7)
    else:
        path.write_bytes(b"\xff" * path.stat().st_size)
        for beside in path.parent.glob("index.sqlite3-*"):
            beside.unlink()
    agree(EmbeddedIndex(base.pk), base, random)


@pytest.fixture
def small_graphs(monkeypatch):
    """So that a graph is worth it for few passages already."""
    monkeypatch.setattr(graph, "WORTH_IT", 50)
    monkeypatch.setattr(graph, "STEP", 200)
    monkeypatch.setattr(reading, "EXACT", 100)


def test_a_graph_grows_and_is_asked(base, rows, random, small_graphs):
    ids = rows.put_all(some(random, 900))
    index = EmbeddedIndex(base.pk)
    agree(index, base, random)
    graph.grow(index.shelf.link.resolve())
    state = index.shelf.current().state()
    assert state.graph_slots > 600 and [path.name for path in index.shelf.link.glob("graph-*")] == [
        f"graph-{state.graph_slots}.usearch"
    ]
    agree(index, base, random)
    for passage_id in ids[:40]:
        rows.change(passage_id, vector=random.standard_normal(DIMENSIONS))
    for passage_id in ids[40:80]:
        rows.delete(passage_id)
    agree(index, base, random)
    for share in (0.05, 0.3, 0.6):
        kept = {int(each) for each in random.choice(ids, int(share * len(ids)), replace=False)}
        agree(index, base, random, allowed=kept)


@pytest.mark.parametrize("damage", ["missing", "short", "garbage"])
def test_a_damaged_graph_is_never_opened(base, rows, random, small_graphs, damage):
    rows.put_all(some(random, 300))
    index = EmbeddedIndex(base.pk)
    index.catch_up()
    graph.grow(index.shelf.link.resolve())
    path = next(index.shelf.link.glob("graph-*"))
    if damage == "missing":
        path.unlink()
    elif damage == "short":
        os.truncate(path, 1000)
    else:
        path.write_bytes(b"\x00" * path.stat().st_size)
    agree(EmbeddedIndex(base.pk), base, random)


def test_a_graph_that_is_cut_off_has_changed_nothing(base, rows, random, small_graphs, tmp_path):
    rows.put_all(some(random, 400))
    index = EmbeddedIndex(base.pk)
    index.catch_up()
    folder = index.shelf.link.resolve()
    copy = shutil.copytree(folder, tmp_path / "copy")
    steps = lines_of(lambda: graph.grow(copy))
    for step in np.linspace(1, steps, 20, dtype=int).tolist():
        child = os.fork()
        if not child:
            lines_of(lambda: graph.grow(folder), step, lambda: os._exit(KILLED))
            os._exit(0)
        os.waitpid(child, 0)
        agree(EmbeddedIndex(base.pk), base, random)
    graph.grow(folder)
    agree(index, base, random)


def test_one_writes_while_another_reads(base, rows, random):
    """A child reads all the time; what it finds was right at some moment: never half a change."""
    together = rows.put_all([(["parcel"], np.ones(DIMENSIONS))] * 20)
    EmbeddedIndex(base.pk).catch_up()
    child = os.fork()
    if not child:
        seen, reader = 0, EmbeddedIndex(base.pk)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            found = len(reader.matching(["parcel"], 1000))
            if found % 20 or found < seen:
                os._exit(1)
            seen = found
            if found == 200:
                os._exit(0)
        os._exit(2)
    for _ in range(9):
        together += rows.put_all([(["parcel"], np.ones(DIMENSIONS))] * 20)
        EmbeddedIndex(base.pk).catch_up()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(together) == 200


def test_whoever_waits_for_a_writer_loses_patience(base, rows, random):
    rows.put_all(some(random, 5))
    index, held, done = EmbeddedIndex(base.pk), threading.Event(), threading.Event()

    def hold():
        with index.shelf.locked(None):
            held.set()
            done.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    assert index.catch_up(patience=0.05) is False
    done.set()
    thread.join()
    assert index.catch_up() and index.count() == len(Plain(base).rows)
