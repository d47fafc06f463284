"""A base whose passages a test puts and takes as rows, and the plain answer to compare an index with."""

import uuid
from collections import Counter
from collections.abc import Set

import numpy as np
import pytest

from flowbuilder.knowledge import services
from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.index import choice, okapi
from flowbuilder.knowledge.index.pgvector.index import is_available
from flowbuilder.knowledge.models import Document, Passage

DIMENSIONS = 16


def unit(values) -> np.ndarray:
    vector = np.asarray(values, dtype=np.float32)
    return (vector / (np.linalg.norm(vector) or 1)).astype(np.float16)


class Rows:
    """The rows of a base, changed as the application changes them: with a note."""

    def __init__(self, base) -> None:
        self.base = base
        self.document = Document.objects.create(
            workspace=base.workspace, base=base, name="doc.md", format="md", size=1, sha256=uuid.uuid4().hex
        )

    def put(self, words: list[str], vector=None, *, enabled: bool = True) -> int:
        return self.put_all([(words, vector)], enabled=enabled)[0]

    def put_all(self, passages, *, enabled: bool = True) -> list[int]:
        rows = [
            Passage(
                base=self.base,
                document=self.document,
                ordinal=0,
                text=" ".join(words),
                words=words,
                vector=None if vector is None else unit(vector).tobytes(),
                enabled=enabled,
            )
            for words, vector in passages
        ]
        ids = [row.pk for row in Passage.objects.bulk_create(rows, batch_size=500)]
        note(self.base, ids)
        return ids

    def change(self, passage_id: int, **fields) -> None:
        if "vector" in fields and fields["vector"] is not None:
            fields["vector"] = unit(fields["vector"]).tobytes()
        Passage.objects.filter(pk=passage_id).update(**fields)
        note(self.base, [passage_id])

    def delete(self, passage_id: int) -> None:
        Passage.objects.filter(pk=passage_id).delete()
        note(self.base, [passage_id])


class Plain:
    """What must be found: every passage compared, every word counted."""

    def __init__(self, base) -> None:
        rows = Passage.objects.filter(base=base, searched=True, enabled=True, document__enabled=True)
        self.rows = {row.pk: row for row in rows}

    def nearest(self, vector, limit: int, allowed: Set[int] | None = None) -> list[tuple[int, float]]:
        found = []
        for pk, row in self.rows.items():
            if row.vector is not None and (allowed is None or pk in allowed):
                theirs = np.frombuffer(bytes(row.vector), dtype=np.float16).astype(np.float32)
                found.append((pk, float(theirs @ (vector / (np.linalg.norm(vector) or 1)))))
        return sorted(found, key=lambda match: (-match[1], match[0]))[:limit]

    def matching(self, words: list[str], limit: int, allowed: Set[int] | None = None):
        counts = {pk: Counter(row.words) for pk, row in self.rows.items()}
        lengths = np.array([len(row.words) for row in self.rows.values()] or [1])
        mean = lengths.sum() / max(1, len(self.rows)) or 1.0
        scores: Counter = Counter()
        for word in sorted(set(words)):
            rarity = okapi.rarity(len(counts), sum(word in each for each in counts.values()))
            for pk, each in counts.items():
                if often := each[word]:
                    length = len(self.rows[pk].words)
                    scores[pk] += rarity * often * 2.2 / (often + 1.2 * (1 - 0.5 + 0.5 * length / mean))
        kept = [(pk, score) for pk, score in scores.items() if allowed is None or pk in allowed]
        return sorted(kept, key=lambda match: (-match[1], match[0]))[:limit]


@pytest.fixture(autouse=True)
def index_folder(settings, tmp_path):
    settings.FLOWBUILDER_INDEX_FOLDER = str(tmp_path / "indexes")
    return tmp_path / "indexes"


@pytest.fixture(params=["embedded", "pgvector"])
def kind(request, monkeypatch):
    """Which index the test is of."""
    request.getfixturevalue("db")
    has_pgvector = is_available()
    if request.param == "pgvector" and not has_pgvector:
        pytest.skip("this database is not PostgreSQL with pgvector")
    if request.param == "embedded":
        monkeypatch.setattr(choice, "is_available", lambda: False)
    return request.param


@pytest.fixture
def base(asker):
    return services.create_base(asker=asker, name="Protocol")


@pytest.fixture
def rows(base):
    return Rows(base)
