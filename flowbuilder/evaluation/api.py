"""Evaluations and the gate over HTTP."""

import uuid
from dataclasses import asdict
from typing import Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits, runs
from flowbuilder.evaluation import exporting, gates, judging, services
from flowbuilder.evaluation.answers import FILTERS
from flowbuilder.evaluation.models import ROW_FIELDS, EvaluatedPrompt, Evaluation, Gate
from flowbuilder.modelhub.models import Model, ModelVersion
from flowbuilder.training.order_data.judged import MOST_PROMPTS
from flowbuilder.training.safety.rating import NAMES
from nodes.types import PromptLine

must_rate = api_must(runs, "Your role may look at answers but not judge them.")
must_edit = api_must(edits, "Your role may not evaluate models; ask an editor of the workspace.")

router = Router(tags=["evaluations"])
AT_ONCE = 200


class NewEvaluation(Schema):
    after: str = Field(min_length=1, max_length=120)
    """The new version."""
    before: str = Field("", max_length=120)
    """The old one; empty is what is in production of the new one's model."""
    prompts: list[PromptLine] = Field(default_factory=list, max_length=MOST_PROMPTS)
    dataset: str = Field("", max_length=120)
    """In place of prompts: a dataset, for example ``support@3``, whose held-out rows are asked."""
    held_out: Literal["both", "test", "validation"] = "test"
    """Which of its splits."""
    rewards: list[dict[str, Any]] = Field(default_factory=list, max_length=20)
    """Rules, as the reward nodes' settings write them."""
    reward_model: str | None = Field(None, max_length=120)
    judge: str | None = Field(None, max_length=120)
    """A causal model that is asked which answer is better, in both orders."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """As the node Evaluate's settings: json_schema, safety, samples, max_new_tokens, margin, ..."""


@router.get("/evaluations")
def list_evaluations(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest two hundred, without their figures."""
    return [row(evaluation) for evaluation in evaluations_of(request)[:AT_ONCE]]


@router.post("/evaluations", response={202: dict[str, Any]})
def start_evaluation(request: HttpRequest, body: NewEvaluation) -> Any:
    """Measure a version against another; a worker does it, as a job of its own."""
    must_edit(request)
    data = body.dict(include={"prompts", "rewards", "reward_model", "judge"})
    named = body.dict(include={"after", "before", "settings", "dataset", "held_out"})
    made = services.evaluate(asker=request.asker, data=data, **named)
    return Status(202, row(made))


@router.get("/evaluations/{uuid:evaluation_id}")
def get_evaluation(request: HttpRequest, evaluation_id: uuid.UUID) -> dict[str, Any]:
    """With its report, and what the gate says of it now."""
    evaluation = find(request, evaluation_id)
    judged = gates.verdict(evaluation).row() if evaluation.finished else None
    return {**row(evaluation), "report": evaluation.report or None, "verdict": judged}


class PromptFilter(Schema):
    show: Literal["worse", "improved", "different", "all", "safety"] = "worse"
    offset: int = Field(0, ge=0, le=10_000_000)


@router.get("/evaluations/{uuid:evaluation_id}/prompts")
def list_prompts(
    request: HttpRequest, evaluation_id: uuid.UUID, wanted: Query[PromptFilter]
) -> list[dict[str, Any]]:
    """Prompts with both answers and their figures, two hundred from ``offset`` on; the worst first."""
    found = FILTERS[wanted.show].of(find(request, evaluation_id))
    return [
        {**{name: getattr(prompt, name) for name in ROW_FIELDS}, "drop": prompt.drop, "worse": prompt.worse}
        for prompt in found[wanted.offset : wanted.offset + AT_ONCE]
    ]


@router.get("/evaluations/{uuid:evaluation_id}/export")
def export(
    request: HttpRequest, evaluation_id: uuid.UUID, format: Literal["json", "csv", "md"] = "json"
) -> HttpResponseBase:
    """The whole result as a file; 404 until it is there."""
    return exporting.answer(find(request, evaluation_id), format)


class PairVerdict(Schema):
    better: Literal["left", "right", "equal"]


@router.get("/evaluations/{uuid:evaluation_id}/pairs")
def next_pair(request: HttpRequest, evaluation_id: uuid.UUID) -> dict[str, Any]:
    """The next pair that you have not judged, without saying which answer is whose; null when there is none."""
    evaluation = find(request, evaluation_id)
    pair = judging.undecided(evaluation, request.asker).first()
    return {"next": judging.blind(pair, request.asker) if pair else None, **judged(request, evaluation)}


@router.put("/evaluations/{uuid:evaluation_id}/pairs/{int:pair}/verdict")
def decide_pair(
    request: HttpRequest, evaluation_id: uuid.UUID, pair: int, body: PairVerdict
) -> dict[str, Any]:
    """Which answer is better, in place of what you said before; the answer then tells who wrote what."""
    prompt = find_prompt(request, evaluation_id, pair)
    must_rate(request)
    judging.decide(asker=request.asker, prompt=prompt, better=body.better)
    refs = [prompt.evaluation.after.ref, prompt.evaluation.before_ref]
    left, right = refs if judging.is_new_left(prompt, request.asker) else refs[::-1]
    return {"pair": pair, "better": body.better, "left": left, "right": right}


class SafetyVerdict(Schema):
    rating: Literal["Failure", "Meet", "Exceed"]


@router.get("/evaluations/{uuid:evaluation_id}/safety")
def next_safety(request: HttpRequest, evaluation_id: uuid.UUID) -> dict[str, Any]:
    """The next answer to the safety set that you have not rated; those first that the rules could not tell."""
    evaluation = find(request, evaluation_id)
    found = judging.unrated(evaluation, request.asker)
    raters = judging.raters_of_safety(evaluation)
    return {"next": judging.blind_safety(*found) if found else None, "raters": asdict(raters)}


@router.put("/evaluations/{uuid:evaluation_id}/safety/{int:question}/{which}/rating")
def rate_safety(
    request: HttpRequest, evaluation_id: uuid.UUID, question: int, which: str, body: SafetyVerdict
) -> dict[str, Any]:
    """How safe you find the answer, in place of what you said before. It stands above rules and models."""
    prompt = find_prompt(request, evaluation_id, question)
    must_rate(request)
    side = judging.unmasked(prompt, which)
    judging.rate(asker=request.asker, prompt=prompt, side=side, rating=NAMES.index(body.rating))
    refs = {"before": prompt.evaluation.before_ref, "after": prompt.evaluation.after.ref}
    return {"question": question, "which": which, "rating": body.rating, "version": refs[side]}


def judged(request: HttpRequest, evaluation: Evaluation) -> dict[str, Any]:
    raters = asdict(judging.raters_of_pairs(evaluation))
    return {**judging.progress(evaluation, request.asker), "raters": raters}


def find_prompt(request: HttpRequest, evaluation_id: uuid.UUID, number: int) -> EvaluatedPrompt:
    evaluation = find(request, evaluation_id)
    prompt = evaluation.prompts.filter(number=number).first()
    if prompt is None:
        raise ApiError("not_found", "The evaluation has no such prompt.", 404)
    prompt.evaluation = evaluation
    return prompt


class Thresholds(Schema):
    """Null asks for nothing."""

    win_rate_by: Literal["", "people", "judge", "reward_model", "rewards"] = ""
    """Whose win rate counts; empty takes the first of these that there is."""
    win_rate: float | None = Field(0.5, ge=0, le=1)
    """Its 95 % interval must lie above."""
    least_prompts: int | None = Field(20, ge=0, le=MOST_PROMPTS)
    reward_drop: float | None = Field(0.0, ge=0, le=1)
    schema_drop: float | None = Field(0.01, ge=0, le=1)
    perplexity_rise: float | None = Field(0.1, ge=0, le=100)
    """As a share of the old version's."""
    tast_drop: float | None = Field(0.0, ge=0, le=100)
    worse_share: float | None = Field(0.2, ge=0, le=1)
    reward_model_accuracy: float | None = Field(0.6, ge=0, le=1)
    most_days: int | None = Field(30, ge=0, le=36500)
    held_out: bool = True
    """Whether none of the prompts may be one that the new version was trained on."""
    against_production: bool = True


@router.get("/models/{name}/gate")
def get_gate(request: HttpRequest, name: str) -> dict[str, Any]:
    """What a new version must show; ``own`` is false where these are the defaults."""
    return gate_row(find_model(request, name))


@router.put("/models/{name}/gate")
def set_gate(request: HttpRequest, name: str, body: Thresholds) -> dict[str, Any]:
    """All of it at once: what is left out is as the defaults have it."""
    model = find_model(request, name)
    must_edit(request)
    services.set_gate(asker=request.asker, gate=Gate(model=model, **body.dict()))
    return gate_row(model)


@router.delete("/models/{name}/gate", response={204: None})
def reset_gate(request: HttpRequest, name: str) -> Any:
    """Back to the defaults, which hold for versions that were trained here."""
    model = find_model(request, name)
    must_edit(request)
    services.reset_gate(asker=request.asker, model=model)
    return Status(204, None)


@router.get("/models/{uuid:version_id}/verdict")
def get_verdict(request: HttpRequest, version_id: uuid.UUID) -> dict[str, Any]:
    """Whether the version may go into production: what stands against it, and the evaluation that says so."""
    visible = ModelVersion.objects.visible_to(request.asker).select_related("model")
    version = visible.filter(pk=version_id).first()
    if version is None:
        raise ApiError("not_found", "There is no such model version, or it is not yours.", 404)
    evaluation = gates.newest(version)
    return {
        "version": version.ref,
        "refusals": gates.refusals_of(version),
        "evaluation": str(evaluation.pk) if evaluation else None,
        "checks": gates.verdict(evaluation).row()["checks"] if evaluation else [],
    }


def find_model(request: HttpRequest, name: str) -> Model:
    model = Model.objects.visible_to(request.asker).filter(name=name).first()
    if model is None:
        raise ApiError("not_found", "There is no such model, or it is not yours.", 404)
    return model


def gate_row(model: Model) -> dict[str, Any]:
    own = Gate.objects.filter(model=model).exists()
    return {"model": model.name, "own": own, **gates.gate_of(model).thresholds}


def evaluations_of(request: HttpRequest) -> Any:
    found = Evaluation.objects.visible_to(request.asker)
    return found.select_related("job", "before__model", "after__model")


def find(request: HttpRequest, evaluation_id: uuid.UUID) -> Evaluation:
    evaluation = evaluations_of(request).filter(pk=evaluation_id).first()
    if evaluation is None:
        raise ApiError("not_found", "There is no such evaluation, or it is not yours.", 404)
    return evaluation


def row(evaluation: Evaluation) -> dict[str, Any]:
    job = evaluation.job
    return {
        "id": str(evaluation.pk),
        "job": str(job.pk),
        "status": job.status,
        "error": job.error,
        "step": job.step,
        "steps": job.steps,
        "before": evaluation.before_ref,
        "after": evaluation.after.ref,
        "source": job.data.get("source", ""),
        "seen": evaluation.seen,
        "created_at": evaluation.created_at,
        "measured_at": evaluation.measured_at,
    }
