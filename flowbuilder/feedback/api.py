"""Feedback over HTTP: ratings, blind comparisons, training data out and in."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, runs
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.feedback import comparisons, importing, services
from flowbuilder.feedback.answers import Told
from flowbuilder.feedback.exporting import rows_of
from flowbuilder.feedback.models import Comparison, Kind, Rating, Reason
from flowbuilder.flows.api import find as find_flow
from flowbuilder.runs.api import find as find_run
from flowbuilder.tables.shapes import LONGEST, columns_of
from flowbuilder.tables.writing import attachment

must_rate = api_must(runs, "Your role may look at answers but not rate them.")

router = Router(tags=["feedback"])
AT_ONCE = 200


class NewRating(Schema):
    kind: Literal["thumbs", "correction", "ranking", "skip"]
    node: str = Field("", max_length=LONGEST_PATH)
    """Whose answer; empty is the flow's reply."""
    up: bool | None = None
    reason: Reason | Literal[""] = ""
    comment: str = Field("", max_length=2000)
    correction: str = Field("", max_length=LONGEST)
    order: list[int] | None = Field(None, max_length=64)
    """Of a ranking: the answers' numbers, from 0, the best first."""


@router.post("/runs/{uuid:run_id}/ratings", response={201: dict[str, Any]})
def rate(request: HttpRequest, run_id: uuid.UUID, body: NewRating) -> Any:
    """What you think of an answer, in place of what you thought of it before."""
    run = find_run(request, run_id)
    must_rate(request)
    rating = services.rate(asker=request.asker, run=run, **body.dict())
    return Status(201, row(rating, request))


@router.get("/runs/{uuid:run_id}/ratings")
def ratings_of_run(request: HttpRequest, run_id: uuid.UUID) -> dict[str, Any]:
    """Everybody's ratings of a run, and whose words its reply is."""
    run = find_run(request, run_id)
    try:
        reply = Told(run).answer().node
    except ApiError:
        reply = None
    ratings = Rating.objects.visible_to(request.asker).filter(run=run, comparison=None)
    return {"reply": reply, "ratings": [row(rating, request) for rating in ratings.select_related("person")]}


class RatingFilter(Schema):
    flow: uuid.UUID | None = None
    kind: Kind | Literal[""] = ""
    person: int | None = Field(None, ge=1, le=2**31)
    offset: int = Field(0, ge=0, le=10_000_000)


@router.get("/ratings")
def list_ratings(request: HttpRequest, wanted: Query[RatingFilter]) -> list[dict[str, Any]]:
    """The newest two hundred from ``offset`` on."""
    found = Rating.objects.visible_to(request.asker).select_related("person")
    found = found.matching(flow=wanted.flow, kind=wanted.kind, person=wanted.person)
    return [row(rating, request) for rating in found[wanted.offset : wanted.offset + AT_ONCE]]


@router.delete("/ratings/{uuid:rating_id}", response={204: None})
def withdraw_rating(request: HttpRequest, rating_id: uuid.UUID) -> Any:
    rating = Rating.objects.visible_to(request.asker).filter(pk=rating_id).first()
    if rating is None:
        raise ApiError("not_found", "There is no such rating, or it is not yours.", 404)
    services.withdraw(asker=request.asker, rating=rating)
    return Status(204, None)


class NewComparison(Schema):
    run: uuid.UUID | None = None
    """Asked again as this run was; without it the draft is asked with ``inputs``."""
    inputs: dict[str, Any] = {}
    node: str = Field("", max_length=LONGEST_PATH)
    """Whose answers are compared; empty is the flow's reply."""
    models: list[str] | None = Field(None, min_length=2, max_length=2)
    """Two model versions, one a side; without them each side is a sample of the flow as it is."""
    versions: list[int] | None = Field(None, min_length=2, max_length=2)
    """Two versions of the flow, one a side; 0 is what would be asked without them."""


class Verdict(Schema):
    better: Literal["left", "right", "equal", "skip"]
    comment: str = Field("", max_length=2000)


@router.post("/flows/{uuid:flow_id}/comparisons", response={202: dict[str, Any]})
def start_comparison(request: HttpRequest, flow_id: uuid.UUID, body: NewComparison) -> Any:
    """Ask the same question twice. The answer does not say which side is which until the verdict."""
    flow = find_flow(request, flow_id)
    must_rate(request)
    if body.models and not request.asker.can_edit:
        raise ApiError("forbidden", "Your role may compare the flow with itself, not with other models.", 403)
    run = find_run(request, body.run) if body.run else None
    if run and run.flow_id != flow.pk:
        raise ApiError("not_found", "This flow has no such run.", 404)
    asked = body.dict(exclude={"run"})
    return Status(202, comparison_row(comparisons.compare(asker=request.asker, flow=flow, run=run, **asked)))


@router.get("/comparisons/{uuid:comparison_id}")
def get_comparison(request: HttpRequest, comparison_id: uuid.UUID) -> dict[str, Any]:
    comparison = find_comparison(request, comparison_id)
    return comparison_row(comparison, comparison.ratings.filter(person=request.asker.user).first())


@router.put("/comparisons/{uuid:comparison_id}/verdict")
def decide(request: HttpRequest, comparison_id: uuid.UUID, body: Verdict) -> dict[str, Any]:
    """Which side is better, in place of what you said before; the answer then tells who wrote what."""
    comparison = find_comparison(request, comparison_id)
    must_rate(request)
    rating = comparisons.decide(asker=request.asker, comparison=comparison, **body.dict())
    return comparison_row(comparison, rating)


class FeedbackExport(Schema):
    format: Literal["completion", "preference", "label", "messages"] = "preference"
    file: Literal["jsonl", "csv", "parquet"] = "jsonl"
    flow: uuid.UUID | None = None
    min_gold: float | None = Field(None, ge=0, le=1)
    """Leaves out what people said who got a smaller share of gold items right; for editors."""


@router.get("/feedback/export")
def export(request: HttpRequest, asked: Query[FeedbackExport]) -> StreamingHttpResponse:
    """JSON lines, CSV or Parquet, streamed."""
    if asked.min_gold is not None and not request.asker.can_edit:
        raise ApiError("forbidden", "How sure raters are is for editors; leave out 'min_gold'.", 403)
    ratings = Rating.objects.visible_to(request.asker).told().matching(flow=asked.flow)
    ratings = ratings.by_proven(asked.min_gold)
    return attachment(
        rows_of(ratings, asked.format),
        file=asked.file,
        columns=columns_of(asked.format),
        name=f"feedback-{asked.format}",
    )


@router.post(
    "/feedback/import",
    response={201: dict[str, int]},
    openapi_extra={"requestBody": {"content": {"application/jsonl": {"schema": {"type": "string"}}}}},
)
def import_lines(
    request: HttpRequest, flow: uuid.UUID | None = None, file: Literal["jsonl", "csv", "parquet"] = "jsonl"
) -> Any:
    """The body is the file; no row is kept unless all can be. Rows that are known already change nothing."""
    if not request.asker.can_edit:
        raise ApiError("forbidden", "Your role may not import feedback; ask an editor.", 403)
    belongs_to = find_flow(request, flow) if flow else None
    return Status(201, importing.take(asker=request.asker, body=request.body, file=file, flow=belongs_to))


def find_comparison(request: HttpRequest, comparison_id: uuid.UUID) -> Comparison:
    visible = Comparison.objects.visible_to(request.asker).select_related("left", "right", "workspace")
    comparison = visible.filter(pk=comparison_id).first()
    if comparison is None:
        raise ApiError("not_found", "There is no such comparison, or it is not yours.", 404)
    return comparison


def comparison_row(comparison: Comparison, verdict: Rating | None = None) -> dict[str, Any]:
    """Blind: no run and no model before the verdict."""
    common = {"id": str(comparison.pk), "flow": str(comparison.flow_id)}
    try:
        found = comparisons.answers(comparison)
    except ApiError as failed:
        return {**common, "status": "failed", "error": failed.message}
    if found is None:
        return {**common, "status": "running"}
    sides: dict[str, dict[str, str]] = {side: {"text": answer.text} for side, answer in found.items()}
    if verdict is None or verdict.kind == Kind.SKIP:
        return {**common, "status": "ready", **sides}
    for side, answer in found.items():
        sides[side] |= {"model": answer.model, "run": str(getattr(comparison, f"{side}_id"))}
    better = "equal" if verdict.tie else "left" if verdict.run_id == comparison.left_id else "right"
    return {**common, "status": "decided", "better": better, **sides}


def row(rating: Rating, request: HttpRequest) -> dict[str, Any]:
    return {
        "id": str(rating.pk),
        "kind": rating.kind,
        "flow": str(rating.flow_id) if rating.flow_id else None,
        "run": str(rating.run_id) if rating.run_id else None,
        "node": rating.node_id,
        "person": str(rating.person) if rating.person else None,
        "mine": rating.person_id == request.asker.user.pk,
        "model": rating.model,
        "prompt": rating.prompt,
        "answer": rating.answer,
        "up": rating.up,
        "reason": rating.reason,
        "comment": rating.comment,
        "correction": rating.correction,
        "others": rating.others,
        "tie": rating.tie,
        "created_at": rating.created_at,
    }
