"""What keeps indexes quick and small while nobody waits: workers do it."""

from __future__ import annotations

import shutil
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from flowbuilder.knowledge.index import outbox
from flowbuilder.knowledge.index.choice import drop_index, index_of
from flowbuilder.knowledge.models import IndexChange, IndexTables, KnowledgeBase

RECENT = timedelta(minutes=15)


def take_in_changes() -> None:
    """Of the bases that changed of late: so that the next question has little to wait for."""
    recent = IndexChange.objects.filter(at__gt=timezone.now() - RECENT)
    for base_id in recent.order_by().values_list("base_id", flat=True).distinct():
        index = index_of(base_id)
        index.catch_up()
        index.tend()


def sweep() -> None:
    outbox.prune()
    remove_orphans()


def remove_orphans() -> None:
    """What is left of bases that were deleted while their index could not be."""
    kept = {uuid.UUID(folder.name) for folder in _folders()}
    kept |= set(IndexTables.objects.values_list("base_id", flat=True))
    for base_id in kept - set(KnowledgeBase.objects.filter(pk__in=kept).values_list("pk", flat=True)):
        drop_index(base_id)
        shutil.rmtree(Path(settings.FLOWBUILDER_INDEX_FOLDER) / base_id.hex, ignore_errors=True)


def _folders() -> list[Path]:
    folder = Path(settings.FLOWBUILDER_INDEX_FOLDER)
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
