"""What is done to ratings: given, replaced, withdrawn."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.feedback.answers import Answer, Told
from flowbuilder.feedback.models import Kind, Rating, Reason
from flowbuilder.runs.models import Run


def rate(
    *,
    asker: Asker,
    run: Run,
    node: str = "",
    kind: str,
    up: bool | None = None,
    reason: str = "",
    comment: str = "",
    correction: str = "",
    order: list[int] | None = None,
) -> Rating:
    """Keep what the asker thinks of an answer, in place of what they thought of it before."""
    answer = Told(run).answer(node)
    said = _said(answer, kind, up, reason, correction, order)
    said = {"prompt": answer.prompt, "model": answer.model, "comment": comment, **said}
    return replace(
        {"person": asker.user, "run": run, "node_id": answer.node, "comparison": None},
        {"workspace": asker.workspace, "flow_id": run.flow_id, "kind": kind, **said},
    )


def _said(
    answer: Answer, kind: str, up: bool | None, reason: str, correction: str, order: list[int] | None
) -> dict[str, Any]:
    if kind == Kind.SKIP:
        return {"answer": answer.text}
    if kind == Kind.RANKING:
        return _ranked(answer, order or [])
    if answer.candidates:
        raise ApiError("invalid", f"Node '{answer.node}' gave several answers: send a ranking of them.", 422)
    if kind == Kind.THUMBS:
        if up is None:
            raise ApiError("invalid", "Thumbs go up or down: send 'up' as true or false.", 422)
        return {"answer": answer.text, "up": up, "reason": "" if up else reason}
    must_correct(answer.text, correction)
    return {"answer": answer.text, "correction": correction, "reason": reason}


def must_correct(text: str, correction: str) -> None:
    if not correction.strip() or correction == text:
        raise ApiError("invalid", "A correction is an answer other than the one that was given.", 422)


def _ranked(answer: Answer, order: list[int]) -> dict[str, Any]:
    count = len(answer.candidates)
    if count < 2 or sorted(order) != list(range(count)):
        message = f"'order' names each of the node's {count} answers once, from 0, the best first."
        raise ApiError("invalid", message, 422)
    best, *others = [answer.candidates[index] for index in order]
    return {"answer": best, "others": [{"answer": text, "model": answer.model} for text in others]}


FRESH = {"up": None, "reason": "", "comment": "", "correction": "", "others": [], "tie": False}


def replace(which: dict[str, Any], values: dict[str, Any]) -> Rating:
    """A later rating of the same answer stands in the place of the earlier one, as if it were new."""
    for last_try in (False, True):
        try:
            with transaction.atomic():
                Rating.objects.filter(**which).delete()
                return Rating.objects.create(**which, **{**FRESH, **values})
        except IntegrityError:  # the same person's other tab was faster by a moment
            if last_try:
                raise
    raise AssertionError


def amend(rating: Rating, *, up: bool | None, comment: str | None) -> Rating:
    """What somebody adds to their thumb, under the id that they were given for it."""
    if up is not None:
        rating.up, rating.reason = up, "" if up else rating.reason
    if comment is not None:
        rating.comment = comment
    rating.save(update_fields=["up", "reason", "comment"])
    return rating


def withdraw(*, asker: Asker, rating: Rating) -> None:
    if not rating.may_be_withdrawn_by(asker):
        raise ApiError("forbidden", "This is somebody else's rating; an editor may withdraw it.", 403)
    with transaction.atomic():
        subject = rating.flow.name if rating.flow else rating.get_kind_display()
        record(
            asker=asker, action="rating.withdrawn", subject=subject, details={"of": str(rating.person or "")}
        )
        rating.delete()


def reasons() -> list[dict[str, str]]:
    return [{"value": value, "label": str(label)} for value, label in Reason.choices]
