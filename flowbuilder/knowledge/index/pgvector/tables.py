"""What pgvector's index keeps: of each generation a row of ``IndexTables`` and two tables of its own.

A column of vectors has one length, and a graph over several bases would first find the neighbours of others: so every base
has its own tables, as long as its embedder makes them. They are made by the index itself and not by migrations, which
have to pass where the extension is missing; a base's are dropped with it.

Words are kept as a posting per word and passage. A GIN index over arrays finds the passages with a word, but neither how
often they have it nor how long they are: for a common word every row of them has to be read and counted.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from flowbuilder.knowledge.index.outbox import Entry
from flowbuilder.knowledge.models import IndexTables

CONNECTIVITY, BUILD_WIDTH = 16, 96


@dataclass
class Tables:
    """One generation."""

    number: int

    @property
    def passages(self) -> str:
        return f"knowledge_index_passages_{self.number}"

    @property
    def words(self) -> str:
        return f"knowledge_index_words_{self.number}"

    def state(self) -> IndexTables:
        return IndexTables.objects.get(pk=self.number)

    @staticmethod
    def create(base_id: uuid.UUID, embedder: str, taken: int) -> Tables:
        with transaction.atomic():
            tables = Tables(IndexTables.objects.create(base_id=base_id, embedder=embedder, taken=taken).pk)
            run(
                f"CREATE TABLE {tables.passages} "
                "(passage_id bigint PRIMARY KEY, length int NOT NULL, words text[] NOT NULL)"
            )
            run(
                f'CREATE TABLE {tables.words} (word text COLLATE "C", passage_id bigint, count int NOT NULL, '
                "length int NOT NULL, PRIMARY KEY (word, passage_id) INCLUDE (count, length))"
            )
        return tables

    def fill(self, entries: list[Entry], filled_to: int, *, complete: bool) -> None:
        with transaction.atomic():
            self._replace([entry.passage_id for entry in entries], entries)
            self._move(filled_to=filled_to, complete=complete)

    def take(self, changed: list[int], entries: list[Entry], taken: int) -> None:
        with transaction.atomic():
            self._replace(changed, entries)
            self._move(taken=taken)

    def make_graph(self) -> None:
        """HNSW (Malkov & Yashunin 2016); from then on pgvector keeps it."""
        with transaction.atomic():
            run("SET LOCAL maintenance_work_mem = '1GB'")
            run(
                f"CREATE INDEX ON {self.passages} USING hnsw (vector halfvec_cosine_ops) "
                f"WITH (m = {CONNECTIVITY}, ef_construction = {BUILD_WIDTH})"
            )
            self._move(graphed=True)

    def close(self) -> None:
        """Nothing is open."""

    def remove(self) -> None:
        with transaction.atomic():
            run(f"DROP TABLE IF EXISTS {self.passages}, {self.words}")
            IndexTables.objects.filter(pk=self.number).delete()

    def _replace(self, going: list[int], entries: list[Entry]) -> None:
        state = self.state()
        dimensions = state.dimensions or next((len(e.vector) // 2 for e in entries if e.vector), 0)
        if dimensions and not state.dimensions:
            run(f"ALTER TABLE {self.passages} ADD COLUMN vector halfvec({dimensions})")
        gone = self._remove(going)
        self._add(entries, dimensions)
        self._move(
            dimensions=dimensions,
            slots=state.slots - len(gone) + len(entries),
            total_length=state.total_length - sum(gone) + sum(len(entry.words) for entry in entries),
        )

    def _remove(self, going: list[int]) -> list[int]:
        """The lengths of those that were here."""
        run(
            f"DELETE FROM {self.words} AS one USING (SELECT passage_id, unnest(words) AS word FROM {self.passages} "  # noqa: S608
            "WHERE passage_id = ANY(%s::bigint[])) AS gone WHERE one.word = gone.word AND one.passage_id = gone.passage_id",
            [going],
        )
        gone = rows(
            f"DELETE FROM {self.passages} WHERE passage_id = ANY(%s::bigint[]) RETURNING length",  # noqa: S608
            [going],
        )
        return [length for (length,) in gone]

    def _add(self, entries: list[Entry], dimensions: int) -> None:
        counted = [Counter(entry.words) for entry in entries]
        columns = "passage_id, length, words" + (", vector" if dimensions else "")
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {self.passages} ({columns}) FROM STDIN") as copy,
        ):
            for entry, counts in zip(entries, counted, strict=True):
                vector = [_written(entry.vector, dimensions)] if dimensions else []
                copy.write_row([entry.passage_id, len(entry.words), list(counts), *vector])
        with connection.cursor() as cursor, cursor.copy(f"COPY {self.words} FROM STDIN") as copy:
            for entry, counts in zip(entries, counted, strict=True):
                for word, count in counts.items():
                    copy.write_row([word, entry.passage_id, count, len(entry.words)])

    def _move(self, **fields: int) -> None:
        IndexTables.objects.filter(pk=self.number).update(**fields)


def as_text(vector: np.ndarray) -> str:
    return f"[{','.join(map(str, vector.tolist()))}]"


def _written(vector: bytes | None, dimensions: int) -> str | None:
    if vector is None or len(vector) != 2 * dimensions:
        return None
    return as_text(np.frombuffer(vector, dtype=np.float16))


def run(line: str, values: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(line, values)


def rows(line: str, values: list[object] | None = None) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(line, values)
        return list(cursor.fetchall())
