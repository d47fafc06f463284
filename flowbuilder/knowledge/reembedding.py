"""Another embedder for a base: chosen by a person, worked through in the background, changed over at once.

The new vectors are kept beside the old ones, with which questions are answered until every passage has its new one.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.knowledge import embedders, model_folders
from flowbuilder.knowledge.changes import note
from flowbuilder.knowledge.model_folders import NotHere, Unusable
from flowbuilder.knowledge.models import KnowledgeBase, NewVector, Passage, Reembedding, StagedVector
from flowbuilder.knowledge.searched import embedded_text
from flowbuilder.knowledge.services import wake_worker
from flowbuilder.knowledge.turns import turns

log = logging.getLogger(__name__)
BATCH = 8
"""Passages embedded at once: a question that comes meanwhile waits for so many at most."""


def choose(base: KnowledgeBase, name: str, asker: Asker) -> None:
    """The base's embedder from the moment on when all its passages are embedded by it."""
    name = name.strip()
    if name == base.embedder:
        cancel(base)
        return
    refuse_unusable(name)
    with transaction.atomic():
        cancel(base)
        planned = Passage.objects.filter(base=base, searched=True).count()
        Reembedding.objects.create(base=base, embedder=name, planned=planned)
        record(
            asker=asker,
            action="knowledge.embedder",
            subject=base.name,
            details={"from": embedders.shown(base.embedder), "to": embedders.shown(name)},
        )
        transaction.on_commit(wake_worker)


def refuse_unusable(name: str) -> None:
    if name == embedders.SHIPPED:
        return
    try:
        embedders.find(name)
    except NotHere:
        # A worker fetches it, and says so where it cannot.
        return
    except Unusable as reason:
        raise ApiError("invalid", f"'{name}' cannot embed: {reason}", 422) from reason


def told(base: KnowledgeBase) -> dict[str, Any]:
    """The embedder that answers, and the change to another one or None."""
    order = Reembedding.objects.filter(base=base).first()
    change = order and {
        "embedder": order.embedder,
        "shown": embedders.shown(order.embedder),
        "done": min(order.done, order.planned),
        "planned": order.planned,
        "error": order.error,
    }
    return {"embedder": base.embedder, "shown": embedders.shown(base.embedder), "change": change}


def cancel(base: KnowledgeBase) -> None:
    """The one that answers stays."""
    Reembedding.objects.filter(base=base).delete()
    NewVector.objects.filter(passage__base=base).delete()


def reembed_next() -> bool:
    """A worker's part: the next few passages of a base that changes over; False where there is none."""
    order = Reembedding.objects.filter(error="").select_related("base").order_by("pk").first()
    if order is None:
        return False
    try:
        _step(order)
    except Unusable as reason:
        error = f"'{order.embedder}' cannot embed: {reason}"
        Reembedding.objects.filter(pk=order.pk, embedder=order.embedder).update(error=error)
    return True


def _step(order: Reembedding) -> None:
    from flowbuilder.knowledge.embedding import embed

    rows = list(_waiting(order).filter(pk__gt=order.reached).defer("words", "vector")[:BATCH])
    if not rows:
        _change_over(order)
        return
    _fetch_if_missing(order.embedder)
    turns.wait()
    vectors = embed([embedded_text(row.heading, row.text, row.question) for row in rows], order.embedder)
    with transaction.atomic():
        if not Reembedding.objects.select_for_update().filter(pk=order.pk).exists():
            return
        still_there = Passage.objects.select_for_update().filter(pk__in=[row.pk for row in rows])
        kept = set(still_there.values_list("pk", flat=True))
        NewVector.objects.bulk_create(
            (
                NewVector(passage=row, digest=row.digest, vector=vector.tobytes())
                for row, vector in zip(rows, vectors, strict=True)
                if row.pk in kept
            ),
            update_conflicts=True,
            unique_fields=["passage"],
            update_fields=["digest", "vector"],
        )
        Reembedding.objects.filter(pk=order.pk).update(reached=rows[-1].pk, done=F("done") + len(rows))


def _waiting(order: Reembedding) -> QuerySet[Passage]:
    """Those without a new vector of what they say now."""
    without = Q(new_vector=None) | ~Q(new_vector__digest=F("digest"))
    return Passage.objects.filter(without, base_id=order.base_id, searched=True).order_by("pk")


def _change_over(order: Reembedding) -> None:
    with transaction.atomic():
        KnowledgeBase.objects.select_for_update(no_key=True).get(pk=order.base_id)
        if not Reembedding.objects.select_for_update().filter(pk=order.pk).exists():
            return
        if _waiting(order).exists():
            Reembedding.objects.filter(pk=order.pk).update(reached=0)
            return
        passages = Passage.objects.filter(base_id=order.base_id, searched=True)
        new = NewVector.objects.filter(passage=OuterRef("pk")).values("vector")[:1]
        passages.update(vector=Subquery(new))
        StagedVector.objects.filter(document__base_id=order.base_id).delete()
        KnowledgeBase.objects.filter(pk=order.base_id).update(embedder=order.embedder)
        cancel(order.base)
        note(order.base_id, passages.order_by("pk").values_list("pk", flat=True)[:1])
    log.info("base %s is embedded by '%s' now", order.base_id, embedders.shown(order.embedder))


def _fetch_if_missing(name: str) -> None:
    if name == embedders.SHIPPED:
        return
    try:
        embedders.find(name)
    except NotHere as missing:
        try:
            model_folders.fetch(name)
        except Exception as error:  # whatever the hub's client raises, it did not come
            reason = "it is not on this machine, and the hub did not give it; put it on the model shelf."
            log.info("embedder %s was not fetched: %s", name, error)
            raise Unusable(reason) from missing
