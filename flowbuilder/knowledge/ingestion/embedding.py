"""The second stage: split, embed in small batches that are each committed, and change the passages at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import transaction

from flowbuilder.knowledge.ingestion.leases import EMBEDDING, READING, SPLITTING, Held
from flowbuilder.knowledge.ingestion.pieces import passage_of, pieces_of, replaced_by_people
from flowbuilder.knowledge.ingestion.switching import switch
from flowbuilder.knowledge.models import DocumentStatus, KnowledgeBase, Passage, StagedVector
from flowbuilder.knowledge.searched import embedded_text
from flowbuilder.knowledge.splitting import SplitFailed
from flowbuilder.knowledge.turns import turns

BATCH = 8
"""Passages embedded at once: a question that comes meanwhile waits for so many at most."""
AT_ONCE = 400
"""Rows asked for in one query."""


def embed_document(held: Held) -> None:
    document = held.document
    held.write(phase=SPLITTING)
    try:
        pieces = pieces_of(document)
    except FileNotFoundError:
        held.write(status=DocumentStatus.QUEUED, phase=READING)
        return
    except SplitFailed as error:
        held.fail(str(error))
        return
    edited = list(document.passages.filter(edited=True).defer("words", "vector"))
    left_out = replaced_by_people(pieces, edited)
    rows = [None if place in left_out else passage_of(document, piece) for place, piece in enumerate(pieces)]
    vectors = vectors_of(held, [row for row in rows if row is not None and row.searched])
    for row in rows:
        if row is not None and row.searched:
            row.vector = vectors[row.digest]
    switch(held, pieces, rows)


def vectors_of(held: Held, rows: Sequence[Passage]) -> dict[str, bytes]:
    """By digest; only what neither the base nor an earlier attempt has is embedded."""
    document = held.document
    texts = {row.digest: embedded_text(row.heading, row.text, row.question) for row in rows}
    found = known_vectors(document.base, texts)
    found |= {row.digest: bytes(row.vector) for row in document.staged.all() if row.digest in texts}
    missing = [digest for digest in texts if digest not in found]
    done = len(texts) - len(missing)
    held.write(phase=EMBEDDING, planned=len(texts), done=done)
    for batch in batches(missing, BATCH):
        made = dict(zip(batch, embed_texts(document.base, [texts[digest] for digest in batch]), strict=True))
        with transaction.atomic():
            held.write(done=(done := done + len(made)), attempts=0)
            StagedVector.objects.bulk_create(
                StagedVector(document=document, digest=digest, vector=vector)
                for digest, vector in made.items()
            )
        found |= made
    return found


def known_vectors(base: KnowledgeBase, digests: Sequence[str] | dict[str, str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for some in batches(list(digests), AT_ONCE):
        rows = Passage.objects.filter(base=base, digest__in=some).exclude(vector=None)
        found |= {digest: bytes(vector) for digest, vector in rows.values_list("digest", "vector")}
    return found


def embed_texts(base: KnowledgeBase, texts: list[str]) -> list[bytes]:
    """float16 and normalised, after the questions that wait."""
    from flowbuilder.knowledge.embedding import embed

    turns.wait()
    return [vector.tobytes() for vector in embed(texts, base.embedder)]


def batches(items: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
