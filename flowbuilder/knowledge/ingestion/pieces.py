"""The passages that a document would have, without writing any: for its worker and for the preview."""

from __future__ import annotations

from collections.abc import Sequence

from flowbuilder.knowledge.models import Document, Passage
from flowbuilder.knowledge.searched import digest_of, words_of
from flowbuilder.knowledge.splitting import Piece, SplitSettings, split
from flowbuilder.knowledge.storage import read_text

LONGEST_HEADING = 300
COVERED = 0.5


def settings_of(document: Document) -> SplitSettings:
    """Its own, its base's, or the automatic ones."""
    chosen = document.splitting if document.splitting is not None else document.base.splitting
    return SplitSettings.model_validate(chosen or {})


def pieces_of(document: Document, settings: SplitSettings | None = None) -> list[Piece]:
    """``FileNotFoundError`` where it was not read yet, ``SplitFailed`` where the settings do not fit it."""
    return split(read_text(document), settings or settings_of(document))


def replaced_by_people(pieces: Sequence[Piece], edited: Sequence[Passage]) -> set[int]:
    """Which pieces would bring back what somebody changed: those that stand mostly where an edited passage stands."""
    spans = [(row.start, row.end) for row in edited if row.start is not None and row.end is not None]
    return {
        place
        for place, piece in enumerate(pieces)
        if not piece.is_parent
        and any(
            min(piece.end, end) - max(piece.start, start) > COVERED * (piece.end - piece.start)
            for start, end in spans
        )
    }


def passage_of(document: Document, piece: Piece) -> Passage:
    """Not saved, and with neither ordinal, parent nor vector."""
    heading = piece.heading[:LONGEST_HEADING]
    return Passage(
        base_id=document.base_id,
        document_id=document.pk,
        heading=heading,
        question=piece.question,
        text=piece.text,
        start=piece.start,
        end=piece.end,
        searched=not piece.is_parent,
        digest="" if piece.is_parent else digest_of(heading, piece.text, piece.question),
        words=[] if piece.is_parent else words_of(heading, piece.text, piece.question),
    )
