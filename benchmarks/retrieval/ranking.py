"""The first table: systems on the same passages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.retrieval import chunking, systems
from benchmarks.retrieval.chunking import Chunk
from benchmarks.retrieval.measures import MEASURES, figures
from benchmarks.retrieval.passages import store
from benchmarks.retrieval.tasks import Question, Task


def measure(owner: Any, task: Task) -> None:
    split = chunking.ours if task.is_split else chunking.whole
    chunks = [chunk for name, text in task.texts.items() for chunk in split(name, text)]
    base, passages = store(owner, chunks)
    right = [right_of(question, chunks) for question in task.questions]
    print(f"\n{task.name}: {len(chunks)} passages, {len(task.questions)} questions")
    print(
        f"\n| {'system':30} | " + " | ".join(f"{measure!s:>7}" for measure in MEASURES) + " | ms (CPU) |\n"
        f"|{'-' * 32}|" + "---------|" * len(MEASURES) + "----------|"
    )
    for name, system in compared(base, passages):
        began, worked = time.perf_counter(), time.process_time()
        rankings = [system(question.text) for question in task.questions]
        took = (time.perf_counter() - began) / len(rankings) * 1000
        spent = (time.process_time() - worked) / len(rankings) * 1000
        row(name, figures(right, rankings), f"{took:.0f} ({spent:.0f})")
        for part, of in parts(task.questions).items():
            row(f"  {part} ({len(of)})", figures([right[at] for at in of], [rankings[at] for at in of]), "")


def parts(questions: Sequence[Question]) -> dict[str, list[int]]:
    """Places of the questions of each kind and each half; none where all are of one."""
    found: dict[str, list[int]] = {}
    for at, question in enumerate(questions):
        for name in (question.group, question.half):
            found.setdefault(name, []).append(at)
    return {name: of for name, of in found.items() if name and len(of) < len(questions)}


def compared(base: Any, passages: Sequence[Any]) -> Iterator[tuple[str, systems.System]]:
    dense, words = systems.embedding(passages), systems.bm25(passages)
    yield "ours", systems.product(base, passages)
    yield "embedding alone", dense
    yield "BM25 alone", words
    yield "both, fused as equals", systems.equal_fusion(dense, words)


def right_of(question: Question, chunks: Sequence[Chunk]) -> set[int]:
    return {
        number
        for number, chunk in enumerate(chunks)
        if chunk.document == question.document and chunk.start < question.end and question.start < chunk.end
    }


def row(name: str, values: Sequence[float], last: str) -> None:
    print(f"| {name:30} | " + " | ".join(f"{value:7.3f}" for value in values) + f" | {last:>8} |", flush=True)
