"""Which index a base has, and what this process has opened."""

from __future__ import annotations

import os
import threading
import uuid
from collections import OrderedDict

from flowbuilder.knowledge.index.embedded.index import EmbeddedIndex
from flowbuilder.knowledge.index.interface import Index
from flowbuilder.knowledge.index.pgvector.index import PgvectorIndex, is_available
from flowbuilder.knowledge.models import KnowledgeBase

OPEN_AT_ONCE = 64
_open: OrderedDict[uuid.UUID, Index] = OrderedDict()
_opening = threading.Lock()


def index_of(base: KnowledgeBase | uuid.UUID) -> Index:
    base_id = base.pk if isinstance(base, KnowledgeBase) else base
    if is_available():
        return PgvectorIndex(base_id)
    with _opening:
        index = _open.pop(base_id, None) or EmbeddedIndex(base_id)
        _open[base_id] = index
        while len(_open) > OPEN_AT_ONCE:
            _open.popitem(last=False)
    return index


def drop_index(base_id: uuid.UUID) -> None:
    """Of a base that is gone, or going."""
    index_of(base_id).drop()
    with _opening:
        _open.pop(base_id, None)


# A child of this process opens its own: SQLite's connections may not be carried over.
os.register_at_fork(after_in_child=_open.clear)
