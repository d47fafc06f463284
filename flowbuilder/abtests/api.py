"""A/B tests over HTTP: live traffic divided between versions of a model."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.abtests import services
from flowbuilder.abtests.models import AbTest, Metric
from flowbuilder.abtests.results import ArmResult, Difference, Results, Versus, results
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.modelhub.models import PRODUCTION, Model

must_edit = api_must(edits, "Your role may not run A/B tests; ask an editor of the workspace.")

router = Router(tags=["A/B tests"])


class NewChallenger(Schema):
    number: int = Field(ge=1, le=2**31 - 1)
    """Of a version of the same model."""
    share: int = Field(ge=1, le=99)
    """Percent of the sessions; what is left goes to what the alias means now."""


class NewTest(Schema):
    model: str = Field(min_length=1, max_length=64)
    alias: str = Field(PRODUCTION, max_length=63)
    challengers: list[NewChallenger] = Field(min_length=1, max_length=services.MOST_CHALLENGERS)
    metric: Metric = Metric.GOOD
    least: int = Field(100, ge=1, le=1_000_000)
    """Outcomes that each arm needs before the metric may end the test."""
    alpha: float = Field(0.05, ge=0.0001, le=0.5)
    days: int = Field(14, ge=1, le=365)
    guard_errors: bool = True
    guard_unsafe: bool = True
    slow_seconds: float | None = Field(None, gt=0, le=86_400)
    long_tokens: int | None = Field(None, ge=1, le=1_000_000)


class Promoted(Schema):
    number: int | None = Field(None, ge=1, le=2**31 - 1)
    """The winner, where it is left out."""
    reason: str = Field("", max_length=2000)
    """Why, where the gate is closed to it."""


@router.get("/abtests")
def list_tests(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest two hundred."""
    return [test_row(test) for test in tests_of(request)[:200]]


@router.post("/abtests", response={201: dict[str, Any]})
def start_test(request: HttpRequest, body: NewTest) -> Any:
    """From now on published flows that name this alias are divided, each session to one version."""
    must_edit(request)
    model = Model.objects.visible_to(request.asker).filter(name=body.model).first()
    if model is None:
        raise ApiError("not_found", f"There is no model '{body.model}', or it is not yours.", 404)
    challengers = [services.Challenger(**challenger.dict()) for challenger in body.challengers]
    rules = body.dict(exclude={"model", "challengers"})
    test = services.start(asker=request.asker, model=model, challengers=challengers, **rules)
    return Status(201, test_row(test))


@router.get("/abtests/{uuid:test_id}")
def get_test(request: HttpRequest, test_id: uuid.UUID) -> dict[str, Any]:
    """With what it has shown so far."""
    test = find(request, test_id)
    return {**test_row(test), **results_row(results(test))}


@router.post("/abtests/{uuid:test_id}/cancellation")
def stop_test(request: HttpRequest, test_id: uuid.UUID) -> dict[str, Any]:
    """All sessions get what the alias means, from the next answer on."""
    test = find(request, test_id)
    must_edit(request)
    services.stop(asker=request.asker, test=test)
    return test_row(test)


@router.post("/abtests/{uuid:test_id}/promotion")
def promote_winner(request: HttpRequest, test_id: uuid.UUID, body: Promoted) -> dict[str, Any]:
    """Point the alias at the winner of a test that has ended, or at another of its versions."""
    test = find(request, test_id)
    must_edit(request)
    promoted = services.promote(asker=request.asker, test=test, **body.dict())
    return {**test_row(test), "promoted": promoted.version.ref}


@router.delete("/abtests/{uuid:test_id}", response={204: None})
def delete_test(request: HttpRequest, test_id: uuid.UUID) -> Any:
    test = find(request, test_id)
    must_edit(request)
    services.remove(asker=request.asker, test=test)
    return Status(204, None)


def tests_of(request: HttpRequest) -> Any:
    tests = AbTest.objects.visible_to(request.asker).select_related(
        "model", "winner__version__model", "person"
    )
    return tests.prefetch_related("arms__version__model")


def find(request: HttpRequest, test_id: uuid.UUID) -> AbTest:
    test = tests_of(request).filter(pk=test_id).first()
    if test is None:
        raise ApiError("not_found", "There is no such A/B test, or it is not yours.", 404)
    return test


def test_row(test: AbTest) -> dict[str, Any]:
    return {
        "id": str(test.pk),
        "model": test.model.name,
        "alias": test.alias,
        "arms": [
            {"version": arm.version.ref, "share": arm.share, "control": arm.control}
            for arm in test.arms.all()
        ],
        "metric": test.metric,
        "least": test.least,
        "alpha": test.alpha,
        "days": test.days,
        "guard_errors": test.guard_errors,
        "guard_unsafe": test.guard_unsafe,
        "slow_seconds": test.slow_seconds,
        "long_tokens": test.long_tokens,
        "status": test.status,
        "reason": test.reason,
        "winner": test.winner.version.ref if test.winner else None,
        "started_by": str(test.person) if test.person else None,
        "created_at": test.created_at,
        "ended_at": test.ended_at,
    }


def results_row(found: Results) -> dict[str, Any]:
    return {
        "results": [arm_row(result) for result in found.arms],
        "comparisons": [versus_row(versus) for versus in found.versus],
        "sample_ratio": {"p_value": found.ratio, "mismatch": found.mismatched},
    }


def arm_row(result: ArmResult) -> dict[str, Any]:
    return {
        "version": result.arm.version.ref,
        "sessions": result.sessions,
        "runs": result.runs,
        "failures": result.failures,
        "ratings": {"good": result.good, "bad": result.bad, "unsafe": result.unsafe},
        "outcomes": {"good": result.outcomes.good, "bad": result.outcomes.bad},
        "rate": result.outcomes.rate,
        "wilson_95": result.interval,
        "latency": {"p50": result.p50, "p95": result.p95},
        "tokens": result.tokens,
    }


def versus_row(versus: Versus) -> dict[str, Any]:
    return {
        "version": versus.arm.version.ref,
        **difference_row(versus.deciding),
        "draws": versus.draws,
        "guards": {name: difference_row(found) for name, found in versus.guards.items()},
    }


def difference_row(found: Difference) -> dict[str, Any]:
    return {
        "difference": found.value,
        "always_valid": {
            "low": found.low,
            "high": found.high,
            "p_value": found.p_value,
            "level": found.level,
        },
        "fixed_horizon": {"p_value": found.fixed},
    }
