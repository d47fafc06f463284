"""The second table: the same text split in different ways, each searched by BM25 alone, so that nothing else differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from benchmarks.retrieval import chunking, systems
from benchmarks.retrieval.chunking import Chunk
from benchmarks.retrieval.ranking import right_of
from benchmarks.retrieval.tasks import Task

WAYS: dict[str, Callable[[str, str], Iterator[Chunk]]] = {
    "ours, automatic": chunking.ours,
    "LangChain's default": chunking.langchain,
    "800 characters, each line flushed": chunking.flushed_lines,
}
FIRST = 5
HANDED_OVER = 4000


def measure(task: Task) -> None:
    ((name, text),) = task.texts.items()
    print(f"\nSplitting of {task.name}, {len(text)} characters")
    print(
        f"| {'split by':33} | pieces | mean length | end in mid-sentence | recall@5 | in 4,000 characters |",
        flush=True,
    )
    for way, split in WAYS.items():
        chunks = list(split(name, text))
        broken = sum(chunking.ends_in_mid_sentence(chunk, text) for chunk in chunks) / len(chunks)
        length = sum(len(chunk.text) for chunk in chunks) / len(chunks)
        search = systems.bm25(chunks)
        among, within = 0, 0
        for question in task.questions:
            right, ranking = right_of(question, chunks), search(question.text)
            among += bool(right & set(ranking[:FIRST]))
            within += bool(right & set(fitting(ranking, chunks)))
        total = len(task.questions)
        print(
            f"| {way:33} | {len(chunks):6} | {length:11.0f} | {broken:19.1%} | {among / total:8.3f} "
            f"| {within / total:19.3f} |",
            flush=True,
        )


def fitting(ranking: Sequence[int], chunks: Sequence[Chunk]) -> list[int]:
    """The first that fit into what is handed over; a piece that is cut off by it does not count."""
    kept, spent = [], 0
    for place in ranking:
        spent += len(chunks[place].text)
        if spent > HANDED_OVER:
            break
        kept.append(place)
    return kept
