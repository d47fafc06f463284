"""Gold items: answers whose verdict is known, and how many of them each rater gets right."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, User, Workspace
from flowbuilder.feedback.intervals import wilson
from flowbuilder.feedback.models import Gold, GoldAnswer, GoldPolicy, Rating
from flowbuilder.flows.models import Flow

OFTEN = 10
"""One item in so many is gold, where nobody has said otherwise."""


@dataclass(frozen=True)
class Rater:
    person: User
    ratings: int
    answered: int
    """Gold items."""
    right: int

    @property
    def accuracy(self) -> float | None:
        return self.right / self.answered if self.answered else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.right, self.answered)


def from_rating(*, asker: Asker, rating: Rating, why: str = "") -> Gold:
    """What somebody sure has said of an answer is what everybody should say of it."""
    if rating.verdict is None:
        raise ApiError(
            "invalid", "A gold item is a good or a bad answer: choose a thumb or a correction.", 422
        )
    if rating.flow_id is None:
        raise ApiError("invalid", "This rating belongs to no flow, so no queue could show it.", 422)
    return _make(
        asker,
        flow_id=rating.flow_id,
        run_id=rating.run_id,
        node_id=rating.node_id,
        prompt=rating.prompt,
        answer=rating.answer,
        up=rating.verdict,
        why=why or rating.correction or rating.comment,
    )


def write(*, asker: Asker, flow: Flow, prompt: str, answer: str, up: bool, why: str = "") -> Gold:
    return _make(asker, flow_id=flow.pk, prompt=prompt, answer=answer, up=up, why=why)


def _make(asker: Asker, **fields: object) -> Gold:
    try:
        with transaction.atomic():
            return Gold.objects.create(workspace=asker.workspace, person=asker.user, **fields)
    except IntegrityError:
        raise ApiError("conflict", "This answer is a gold item already.", 409) from None


def answer(*, asker: Asker, gold: Gold, up: bool | None) -> None:
    GoldAnswer.objects.get_or_create(gold=gold, person=asker.user, defaults={"up": up})


def unseen(asker: Asker, flow: Flow | None = None, node: str = "") -> QuerySet[Gold]:
    """What the asker may still be shown: not their own, and nothing of which they have said something."""
    items = Gold.objects.visible_to(asker).exclude(person=asker.user)
    items = items.exclude(answers__person=asker.user)
    items = items.exclude(run__ratings__person=asker.user, run__ratings__node_id=F("node_id"))
    if flow is not None:
        items = items.filter(flow=flow)
    return (items.filter(node_id=node) if node else items).order_by("created_at", "id")


def every(workspace: Workspace) -> int:
    found = GoldPolicy.objects.filter(workspace=workspace).values_list("every", flat=True).first()
    return OFTEN if found is None else found


def set_every(workspace: Workspace, value: int) -> None:
    GoldPolicy.objects.update_or_create(workspace=workspace, defaults={"every": value})


def comes(person: int, place: int, often: int) -> bool:
    """Whether gold comes at this place of the person's queue: as if drawn, yet the same when they look again."""
    if not often:
        return False
    return int.from_bytes(hashlib.sha256(f"{person}:{place}".encode()).digest()[:8]) % often == 0


def to_go(person: int, place: int, often: int, *, others: int, gold: int) -> int:
    """How many items are left with the gold among them, so that the number tells nothing of which they are."""
    total = 0
    while others:
        if gold and comes(person, place, often):
            gold -= 1
        else:
            others -= 1
        place, total = place + 1, total + 1
    return total


def raters(workspace_id: uuid.UUID) -> list[Rater]:
    """Everybody who has rated anything, the most diligent first."""
    said = Rating.objects.filter(workspace=workspace_id, imported=None).told()
    ratings = dict(said.order_by().values("person").annotate(n=Count("id")).values_list("person", "n"))
    answered = GoldAnswer.objects.filter(gold__workspace=workspace_id).exclude(up=None)
    counted = answered.values("person").annotate(n=Count("id"), right=Count("id", filter=Q(up=F("gold__up"))))
    gold = {row["person"]: (row["n"], row["right"]) for row in counted}
    people = User.objects.filter(pk__in={*ratings, *gold})
    found = [Rater(person, ratings.get(person.pk, 0), *gold.get(person.pk, (0, 0))) for person in people]
    return sorted(found, key=lambda rater: (-rater.ratings, rater.person.email))
