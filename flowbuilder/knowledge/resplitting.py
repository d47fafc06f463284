"""How a document would be split, beside how it is; and splitting it so. Its bytes are not read a second time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.knowledge.ingestion.leases import SPLITTING
from flowbuilder.knowledge.ingestion.pieces import replaced_by_people, settings_of
from flowbuilder.knowledge.models import Document, DocumentStatus, KnowledgeBase
from flowbuilder.knowledge.services import wake_worker
from flowbuilder.knowledge.splitting import Piece, SplitFailed, SplitSettings, split
from flowbuilder.knowledge.splitting.rulers import ruler_of
from flowbuilder.knowledge.storage import read_text, text_path_of

LOOKED_AT = 300_000
"""Characters of a document that a preview splits; what its worker does knows no such limit."""
BARS = 16
SHOWN = 200
EMBEDDER_READS = 256


@dataclass(frozen=True)
class Preview:
    """``lengths`` in the settings' unit; ``kept`` are edited passages that stay, ``left_out`` what they stand in for."""

    settings: SplitSettings
    pieces: list[Piece]
    lengths: list[int]
    cut_off: bool
    kept: int
    left_out: int
    error: str = ""

    @property
    def searched(self) -> list[Piece]:
        return [piece for piece in self.pieces if not piece.is_parent]

    @property
    def parents(self) -> int:
        return len(self.pieces) - len(self.searched)

    @property
    def figures(self) -> dict[str, float]:
        if not self.lengths:
            return {"count": 0, "shortest": 0, "median": 0, "longest": 0}
        return {
            "count": len(self.lengths),
            "shortest": min(self.lengths),
            "median": round(median(self.lengths)),
            "longest": max(self.lengths),
        }

    @property
    def histogram(self) -> list[dict[str, int]]:
        """How many pieces have up to so many; ``share`` is of the highest bar, in per cent."""
        if not self.lengths:
            return []
        width = max(1, -(-max(self.lengths) // BARS))
        counts = [0] * (max(self.lengths) // width + 1)
        for length in self.lengths:
            counts[length // width] += 1
        most = max(counts)
        return [
            {
                "from": place * width,
                "to": (place + 1) * width - 1,
                "count": count,
                "share": round(100 * count / most),
            }
            for place, count in enumerate(counts)
        ]


def parsed(values: Any) -> SplitSettings:
    """``ApiError`` names each setting that is wrong."""
    try:
        return SplitSettings.model_validate(values)
    except ValidationError as error:
        wrong = [
            {"field": ".".join(map(str, one["loc"])), "message": one["msg"].removeprefix("Value error, ")}
            for one in error.errors()
        ]
        raise ApiError(
            "invalid_settings",
            "; ".join(f"{one['field']}: {one['message']}".lstrip(": ") for one in wrong),
            422,
            wrong,
        ) from error


def preview(document: Document, settings: SplitSettings | None = None) -> Preview:
    if not text_path_of(document).exists():
        raise ApiError("not_ready", f"'{document.name}' has not been read yet: try again in a moment.", 409)
    settings = settings or settings_of(document)
    text = read_text(document)
    edited = list(document.passages.filter(edited=True).defer("words", "vector"))
    try:
        pieces = split(text[:LOOKED_AT], settings)
    except SplitFailed as error:
        return Preview(settings, [], [], False, len(edited), 0, str(error))
    ruler = ruler_of(text[:LOOKED_AT], settings.unit)
    lengths = [ruler.length(piece.start, piece.end) for piece in pieces if not piece.is_parent]
    left_out = replaced_by_people(pieces, edited)
    return Preview(settings, pieces, lengths, len(text) > LOOKED_AT, len(edited), len(left_out))


def split_again(
    documents: Sequence[Document], settings: SplitSettings | None, *, drop_edited: bool = False
) -> None:
    """With settings of their own, or with their base's for None. What people wrote stays unless ``drop_edited``."""
    own = None if settings is None else settings.model_dump(mode="json")
    with transaction.atomic():
        for document in documents:
            if drop_edited:
                document.passages.filter(edited=True).update(edited=False)
            phase = SPLITTING if text_path_of(document).exists() else ""
            Document.objects.filter(pk=document.pk).update(
                splitting=own,
                status=DocumentStatus.QUEUED,
                phase=phase,
                hold=False,
                error="",
                attempts=0,
                done=0,
                planned=0,
            )
        transaction.on_commit(wake_worker)


def set_default(base: KnowledgeBase, settings: SplitSettings) -> None:
    """For documents that have no settings of their own, from their next splitting on."""
    base.splitting = settings.model_dump(mode="json")
    base.save(update_fields=["splitting"])


def cancel(document: Document) -> None:
    """What is found of it stays as it was; a document that never was ready rests until it is retried."""
    if not document.is_pending:
        return
    rests = DocumentStatus.READY if document.passages.exists() else DocumentStatus.CANCELLED
    Document.objects.filter(pk=document.pk).update(status=rests, phase="", done=0, planned=0)
    document.staged.all().delete()
