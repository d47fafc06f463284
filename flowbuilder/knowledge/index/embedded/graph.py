"""The vectors of an embedded index as a graph (HNSW, Malkov & Yashunin 2016, by usearch), in a file that readers map.

It grows in a process of its own (``manage.py grow_index``). The index goes on answering and taking in meanwhile, and a
step that is cut off has changed nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

import numpy as np
from usearch.compiled import MetricKind, ScalarKind
from usearch.index import Index as Graph

from flowbuilder.knowledge.index.embedded.generation import RECORD, Damaged, Generation, State

CONNECTIVITY, BUILD_WIDTH, SEARCH_WIDTH = 16, 96, 96
WORTH_IT = 20_000
"""Vectors that may stand outside the graph, or a sixteenth of those in it: they are compared one by one."""
STEP = 100_000
"""A longer way is gone in steps, each of which is kept: half as much again as there is, or this."""
SEALED = 1 << 20


def wants_growing(state: State) -> bool:
    return state.slots - state.graph_slots > max(WORTH_IT, state.graph_slots // 16)


def check(folder: Path, state: State) -> Path:
    """usearch trusts what it opens, so what was not written here never gets there."""
    path = path_of(folder, state.graph_slots)
    if not path.is_file() or (path.stat().st_size, seal(path)) != (state.graph_size, state.graph_seal):
        raise Damaged(f"{path.name} of {folder.name} is missing or not what was written")
    return path


def view(folder: Path, state: State) -> Graph:
    graph = _new(state.dimensions)
    graph.view(str(check(folder, state)))
    return graph


def grow(folder: Path) -> None:
    """Until all but the newest vectors are in it. Another process that grows it already is left to it."""
    with open(folder / "grow.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        generation = Generation(folder)
        graph: Graph | None = None
        while wants_growing(state := generation.state()):
            if graph is None:
                graph = _new(state.dimensions)
                if state.graph_slots:
                    graph.load(str(check(folder, state)))
            _take_step(generation, graph, state)
        generation.close()


def _take_step(generation: Generation, graph: Graph, state: State) -> None:
    end = min(state.slots, state.graph_slots + max(STEP, state.graph_slots // 2))
    records = np.memmap(generation.folder / "passages.bin", dtype=RECORD, mode="r", shape=(state.slots,))
    vectors = np.memmap(
        generation.folder / "vectors.f16", dtype="<f2", mode="r", shape=(state.slots, state.dimensions)
    )
    living = np.ones(state.slots, dtype=bool)
    dead = generation.database.execute("SELECT slot FROM dead WHERE slot < ?", (state.slots,)).fetchall()
    living[np.array(dead, dtype=np.int64).ravel()] = False
    slots = np.arange(state.graph_slots, end)
    slots = slots[living[slots] & (records["has_vector"][slots] == 1)]
    for some in np.array_split(slots, len(slots) // 4096 + 1):
        if len(some):
            graph.add(some.astype(np.uint64), vectors[some], threads=1)
    path = path_of(generation.folder, end)
    unfinished = path.with_suffix(".part")
    graph.save(str(unfinished))
    with open(unfinished, "rb") as file:
        os.fsync(file.fileno())
    unfinished.rename(path)
    generation.use_graph(end, path.stat().st_size, seal(path))
    if state.graph_slots:
        path_of(generation.folder, state.graph_slots).unlink(missing_ok=True)


def path_of(folder: Path, slots: int) -> Path:
    return folder / f"graph-{slots}.usearch"


def seal(path: Path) -> str:
    """Of its ends, so that opening a large one stays quick."""
    with open(path, "rb") as file:
        hashed = hashlib.sha256(file.read(SEALED))
        file.seek(max(0, path.stat().st_size - SEALED))
        hashed.update(file.read(SEALED))
    return hashed.hexdigest()


def _new(dimensions: int) -> Graph:
    return Graph(
        ndim=dimensions,
        metric=MetricKind.IP,
        dtype=ScalarKind.F16,
        connectivity=CONNECTIVITY,
        expansion_add=BUILD_WIDTH,
        expansion_search=SEARCH_WIDTH,
    )
