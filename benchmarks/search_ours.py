"""Our side of ``benchmarks/search.py``: real rows in a database, the index of the base, the whole query."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from benchmarks import search as bench
from benchmarks.search_data import SLICE, Data


def measure_ours(data: Data, folder: Path, wanted: set[str]) -> None:
    os.environ |= {"FLOWBUILDER_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "flowbuilder.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    from flowbuilder.knowledge.index import index_of

    call_command("migrate", verbosity=0)
    base = base_of(data)
    first = base.passages.order_by("pk").values_list("pk", flat=True)[0]
    name = "pgvector" if "pgvector" in wanted else "ours"
    index = index_of(base)
    with bench.measured(f"{name}, taken in from the rows") as figures:
        index.catch_up()
        figures["passages"] = index.count()
    with bench.measured(f"{name}, tended (the graph grown)") as figures:
        index.tend()
        figures["largest_child_mb"] = bench.largest_child_mb()
    figures = {"index_mb": bench.megabytes(folder / "home" / "indexes")} if name == "ours" else sizes()
    before = bench.resident()

    def nearest(number: int, allowed: set[int] | None, share: float | None) -> list[int]:
        found = index.nearest(data.question(number), bench.LIMIT, ids[share])
        return [pk - first for pk, _ in found]

    ids = {
        share: None if share is None else {each + first for each in data.allowed(share)}
        for share in bench.SHARES
    }
    for share in bench.SHARES:
        measure_words(data, f"{name}, BM25", index, share, ids[share])
    bench.measure_questions(data, f"{name}, nearest", nearest, bench.SHARES)
    measure_hybrid(data, name, index)
    bench.tell(f"{name}, memory", figures | {"grown_mb": round(bench.resident() - before)})
    if "bare" in wanted:
        from usearch.index import Index

        path = next((folder / "home" / "indexes").rglob("graph-*.usearch"))
        bench.measure_bare_graph(data, Index.restore(str(path), view=True), "usearch alone, our file mapped")


def base_of(data: Data) -> Any:
    from flowbuilder.accounts.services import create_owner
    from flowbuilder.knowledge import services
    from flowbuilder.knowledge.models import Document, KnowledgeBase, Passage

    known = KnowledgeBase.objects.filter(name=f"{data.count} passages").first()
    if known is not None:
        return known
    asker = create_owner(email="owner@example.test", password=os.urandom(16).hex())
    base = services.create_base(asker=asker, name="unfinished")
    document = Document.objects.create(
        workspace=base.workspace, base=base, name="made.md", format="md", size=1, sha256="", status="ready"
    )
    with bench.measured("rows written"):
        for start in range(0, data.count, SLICE):
            words = data.words(start, min(SLICE, data.count - start))
            rows = [
                Passage(
                    base=base,
                    document=document,
                    ordinal=start + at,
                    text=" ".join(each),
                    words=each,
                    vector=data.vectors[start + at].tobytes(),
                )
                for at, each in enumerate(words)
            ]
            Passage.objects.bulk_create(rows, batch_size=1000)
        KnowledgeBase.objects.filter(pk=base.pk).update(name=f"{data.count} passages")
    return base


def measure_words(data: Data, name: str, index: Any, share: float | None, allowed: set[int] | None) -> None:
    times: list[tuple[float, float]] = []
    for number in range(bench.QUESTIONS):
        asked = data.asked(number)
        with bench.clocked(times):
            index.matching(asked, bench.LIMIT, allowed)
    bench.tell(f"{name}, {'all' if share is None else f'{share:.0%} allowed'}", bench.spread(times))


def measure_hybrid(data: Data, name: str, index: Any) -> None:
    """As a question is answered once it is embedded: caught up, both asked for 50, fused, the rows read."""
    from flowbuilder.knowledge.models import Passage

    times: list[tuple[float, float]] = []
    for number in range(bench.QUESTIONS):
        asked = data.asked(number)
        with bench.clocked(times):
            index.catch_up(1)
            near = [pk for pk, _ in index.nearest(data.question(number), 50)]
            worded = [pk for pk, _ in index.matching(asked, 50)]
            scores = {pk: 0.0 for pk in (*near, *worded)}
            for ranked in (near, worded):
                for rank, pk in enumerate(ranked):
                    scores[pk] += 1 / (61 + rank)
            best = sorted(scores, key=lambda pk: -scores[pk])[: bench.LIMIT]
            list(Passage.objects.filter(pk__in=best).select_related("document").defer("vector", "words"))
    bench.tell(f"{name}, hybrid", bench.spread(times))


def sizes() -> dict[str, int]:
    """Of what PostgreSQL keeps for the index, in MB."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) / 1048576 FROM pg_class "
            "WHERE relname LIKE 'knowledge\\_index\\_%%' AND relkind = 'r'"
        )
        return {f"{name}_mb": int(size) for name, size in cursor.fetchall()}
