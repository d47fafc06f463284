"""Search in a base of N passages: our index beside the libraries alone, and the whole hybrid query.

.venv/bin/python -m benchmarks.search --passages 100000
.venv/bin/python -m benchmarks.search --passages 1000000 --folder /somewhere/large --only ours,bare
DATABASE_URL=postgres://... .venv/bin/python -m benchmarks.search --passages 100000 --only pgvector

Vectors of 384 dimensions in clusters, words by Zipf's law: ``benchmarks/search_data.py``. One thread everywhere.
"""

import argparse
import gc
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil

from benchmarks.search_data import Data

LIMIT = 10
QUESTIONS = 200
SHARES = (None, 0.5, 0.1, 0.01)
CONNECTIVITY, BUILD_WIDTH, SEARCH_WIDTH = 16, 96, 96
"""The same for every graph."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--only", default="ours,usearch,faiss")
    parser.add_argument("--folder", type=Path, help="keep rows and indexes here, and take up what is there")
    arguments = parser.parse_args()
    wanted = set(arguments.only.split(","))
    with place(arguments.folder) as folder:
        data = Data(folder / "data", arguments.passages)
        tell("data", {"passages": arguments.passages, "questions": QUESTIONS})
        if wanted & {"ours", "pgvector", "bare"}:
            from benchmarks.search_ours import measure_ours

            measure_ours(data, folder, wanted)
        if "usearch" in wanted:
            measure_usearch(data, folder)
        if "faiss" in wanted:
            measure_faiss(data, folder)


@contextmanager
def place(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
    else:
        with TemporaryDirectory() as temporary:
            yield Path(temporary)


def measure_usearch(data: Data, folder: Path) -> None:
    from usearch.compiled import MetricKind, ScalarKind
    from usearch.index import Index

    index = Index(
        ndim=data.dimensions,
        metric=MetricKind.IP,
        dtype=ScalarKind.F16,
        connectivity=CONNECTIVITY,
        expansion_add=BUILD_WIDTH,
        expansion_search=SEARCH_WIDTH,
    )
    path = folder / "alone.usearch"
    with measured("usearch alone, built") as figures:
        for start in range(0, data.count, 10_000):
            rows = data.vectors[start : start + 10_000]
            index.add(np.arange(start, start + len(rows), dtype=np.uint64), rows, threads=1)
        index.save(str(path))
        figures["file_mb"] = megabytes(path)
    measure_bare_graph(data, index, "usearch alone, in memory")


def measure_bare_graph(data: Data, index: Any, name: str) -> None:
    """It knows no filters: what a filter keeps is picked from a longer answer, once."""

    def ask(number: int, allowed: set[int] | None, share: float | None) -> list[int]:
        longer = LIMIT if share is None else int(3 * LIMIT / share)
        keys = index.search(data.question(number), longer, threads=1).keys.tolist()
        return keys if allowed is None else [key for key in keys if key in allowed][:LIMIT]

    measure_questions(data, name, ask, SHARES)


def measure_faiss(data: Data, folder: Path) -> None:
    import faiss

    faiss.omp_set_num_threads(1)
    index = faiss.IndexHNSWSQ(
        data.dimensions, faiss.ScalarQuantizer.QT_fp16, CONNECTIVITY, faiss.METRIC_INNER_PRODUCT
    )
    index.hnsw.efConstruction, index.hnsw.efSearch = BUILD_WIDTH, SEARCH_WIDTH
    path = folder / "alone.faiss"
    with measured("faiss alone, built") as figures:
        index.train(data.vectors[:1000].astype(np.float32))
        for start in range(0, data.count, 10_000):
            index.add(data.vectors[start : start + 10_000].astype(np.float32))
        faiss.write_index(index, str(path))
        figures["file_mb"] = megabytes(path)

    def ask(number: int, allowed: set[int] | None, share: float | None) -> list[int]:
        parameters = faiss.SearchParametersHNSW(efSearch=SEARCH_WIDTH)
        if allowed is not None:
            parameters.sel = selectors[share]
        question = data.question(number).astype(np.float32)[None]
        return [int(key) for key in index.search(question, LIMIT, params=parameters)[1][0]]

    selectors = {
        share: faiss.IDSelectorBatch(np.fromiter(data.allowed(share), dtype=np.int64))
        for share in SHARES
        if share is not None
    }
    measure_questions(data, "faiss alone, in memory", ask, SHARES)


def measure_questions(
    data: Data,
    name: str,
    ask: Callable[[int, set[int] | None, float | None], list[int]],
    shares: tuple[float | None, ...],
) -> None:
    """Milliseconds and recall@10 against exact search, of the same questions for each."""
    for share in shares:
        allowed = None if share is None else data.allowed(share)
        times: list[tuple[float, float]] = []
        found = []
        for number in range(QUESTIONS):
            with clocked(times):
                found.append(ask(number, allowed, share))
        figures = spread(times)
        exact = data.exact(share, QUESTIONS, LIMIT)
        figures["recall@10"] = float(
            np.mean([len(set(ours) & set(best)) / len(best) for ours, best in zip(found, exact, strict=True)])
        )
        tell(f"{name}, {'all' if share is None else f'{share:.0%} allowed'}", figures)


@contextmanager
def clocked(times: list[tuple[float, float]]) -> Iterator[None]:
    """Milliseconds by the clock, and of processor: on a busy machine the first are mostly waiting."""
    began, busy = time.perf_counter(), time.process_time()
    yield
    times.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)))


def spread(times: list[tuple[float, float]]) -> dict[str, float]:
    """The first tenth warms up."""
    figures = {}
    for name, which in (("", 0), ("cpu_", 1)):
        cut = quantiles([each[which] for each in times[len(times) // 10 :]], n=20)
        figures |= {f"{name}p50_ms": round(cut[9], 2), f"{name}p95_ms": round(cut[18], 2)}
    return figures


@contextmanager
def measured(name: str) -> Iterator[dict[str, Any]]:
    """Seconds by the clock and of processor, children's too; and by how much this process grew."""
    gc.collect()
    figures: dict[str, Any] = {}
    before, grown, began = cpu_seconds(), resident(), time.perf_counter()
    yield figures
    figures["seconds"] = round(time.perf_counter() - began, 1)
    figures["cpu_seconds"] = round(cpu_seconds() - before, 1)
    figures["grown_mb"] = round(resident() - grown)
    tell(name, figures)


def cpu_seconds() -> float:
    return sum(os.times()[:4])


def resident() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


def largest_child_mb() -> int:
    return int(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def megabytes(path: Path) -> int:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return round(sum(each.stat().st_size for each in files) / 2**20)


def tell(name: str, figures: dict[str, Any]) -> None:
    rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}
    print(json.dumps({"what": name, **rounded}), flush=True)


if __name__ == "__main__":
    main()
