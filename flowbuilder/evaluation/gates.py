"""The gate before promotion: what a model's new version must show, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from flowbuilder.evaluation.models import Evaluation, Gate
from flowbuilder.modelhub.models import PRODUCTION, Alias, Kind, Model, ModelVersion, Source
from flowbuilder.training.chance import near_chance
from flowbuilder.training.models import JobStatus
from nodes.types import EvaluationReport, WinRate

TRUSTED = ("people", "judge", "reward_model", "rewards")
"""Whose win rate counts where the gate names nobody: the first that there is."""
FEW_PEOPLE = 10
"""Prompts that people must have judged before their win rate stands in place of a model's."""

ROUNDING = 1e-9


@dataclass(frozen=True)
class Check:
    """One threshold: what was measured, what is wanted."""

    name: str
    value: str
    wanted: str
    passed: bool | None
    """None: it was not measured, and the gate does not insist on it."""

    @property
    def refusal(self) -> str:
        return f"{self.name} is {self.value}, wanted is {self.wanted}"


@dataclass(frozen=True)
class Verdict:
    checks: list[Check]

    @property
    def passed(self) -> bool:
        return all(check.passed is not False for check in self.checks)

    @property
    def refusals(self) -> list[str]:
        return [check.refusal for check in self.checks if check.passed is False]

    def row(self) -> dict[str, Any]:
        checks = [asdict(check) for check in self.checks]
        return {"passed": self.passed, "checks": checks, "refusals": self.refusals}


def gate_of(model: Model) -> Gate:
    """The model's own, or the one with the defaults, which is not stored."""
    return Gate.objects.filter(model=model).first() or Gate(model=model)


def verdict(evaluation: Evaluation) -> Verdict:
    """By the gate as it is now, and against what is in production now."""
    return Verdict(list(_checks(gate_of(evaluation.after.model), evaluation, evaluation.found)))


def refusals_of(version: ModelVersion) -> list[str]:
    """Why it may not go into production, a sentence each; nothing where nobody asked for a proof.

    A reward model must not guess. A version that was trained here needs an evaluation that passes; one that came
    from outside needs it where somebody set up a gate for its model.
    """
    if version.kind == Kind.REWARD:
        why = near_chance(version, gate_of(version.model).reward_model_accuracy or 0.0)
        return [why.rstrip(".")] if why else []
    if version.kind != Kind.CAUSAL:
        return []
    if version.source != Source.JOB and not Gate.objects.filter(model=version.model).exists():
        return []
    evaluation = newest(version)
    if evaluation is None:
        return [f"'{version.ref}' was never evaluated against what is in production"]
    return verdict(evaluation).refusals


def newest(version: ModelVersion) -> Evaluation | None:
    finished = Evaluation.objects.filter(after=version, job__status=JobStatus.FINISHED)
    with_job = finished.exclude(measured_at=None).select_related("job", "before__model", "after__model")
    return with_job.order_by("-measured_at").first()


def _checks(gate: Gate, evaluation: Evaluation, report: EvaluationReport | None) -> Iterator[Check]:
    if report is None:
        yield Check("the evaluation", evaluation.job.status, "a finished one", False)
        return
    yield from _about(gate, evaluation, report)
    if gate.win_rate is not None:
        yield _win_rate(gate, report)
    if gate.reward_drop is not None:
        name = "reward" if report.figure("reward") else "learned reward"
        yield _change(report, name, gate.reward_drop, _plain(gate.reward_drop))
    if gate.schema_drop is not None:
        yield _change(report, "schema validity", gate.schema_drop, f"{gate.schema_drop:.1%}")
    if gate.perplexity_rise is not None:
        yield _perplexity(report, gate.perplexity_rise)
    if gate.tast_drop is not None:
        yield _change(report, "TAST", gate.tast_drop, f"{gate.tast_drop:g} points", must=True)
    if gate.worse_share is not None:
        share = report.worse / report.prompts if report.prompts else 1.0
        wanted = f"at most {gate.worse_share:.0%} of prompts"
        yield Check("prompts answered worse", f"{share:.0%}", wanted, share <= gate.worse_share)


def _about(gate: Gate, evaluation: Evaluation, report: EvaluationReport) -> Iterator[Check]:
    """Whether the evaluation is one that counts."""
    if gate.against_production:
        alias = Alias.objects.filter(model=evaluation.after.model, name=PRODUCTION).first()
        now = alias.version if alias else None
        # Once promoted it is itself in production: then what it was measured against was.
        fits = now is None or now in (evaluation.before, evaluation.after)
        wanted = "what is in production" if fits else f"what is in production, {now.ref}"
        yield Check("the old version", report.before, wanted, fits)
    if gate.most_days is not None:
        age = timezone.now() - (evaluation.measured_at or timezone.now())
        yield Check(
            "the evaluation's age",
            f"{age.days} days",
            f"at most {gate.most_days} days",
            age <= timedelta(days=gate.most_days),
        )
    if gate.least_prompts is not None:
        yield Check(
            "the number of prompts",
            str(report.prompts),
            f"at least {gate.least_prompts}",
            report.prompts >= gate.least_prompts,
        )
    if gate.held_out:
        yield Check("prompts that it was trained on", str(evaluation.seen), "none", not evaluation.seen)
    if gate.reward_model_accuracy is not None and report.reward_model:
        yield _reward_model(gate.reward_model_accuracy, evaluation, report.reward_model)


def _reward_model(least: float, evaluation: Evaluation, ref: str) -> Check:
    """One that guesses tells nothing, however large the difference that it sees."""
    name, _, number = ref.rpartition("@")
    known = ModelVersion.objects.filter(
        workspace=evaluation.workspace_id, model__name=name, number=int(number)
    ).first()
    accuracy = known.metrics.get("accuracy") if known else None
    shown = "not known" if accuracy is None else f"{accuracy:.0%} of held-out pairs"
    passed = None if accuracy is None else not near_chance(known, least)
    return Check("the reward model's accuracy", shown, f"at least {least:.0%}", passed)


def counted(gate: Gate, report: EvaluationReport) -> WinRate | None:
    """The win rate that the gate looks at."""
    if gate.win_rate_by:
        return report.won(gate.win_rate_by)
    found = (report.won(by) for by in TRUSTED)
    return next((won for won in found if won and (won.by != "people" or won.count >= FEW_PEOPLE)), None)


def _win_rate(gate: Gate, report: EvaluationReport) -> Check:
    won = counted(gate, report)
    wanted = f"an interval above {gate.win_rate:.0%}"
    by = gate.win_rate_by or "anybody"
    if won is None:
        return Check(f"the win rate by {by.replace('_', ' ')}", "not measured", wanted, False)
    value = f"{won.rate:.0%} ({won.low:.0%} to {won.high:.0%})"
    return Check(f"the win rate by {won.by.replace('_', ' ')}", value, wanted, won.low > gate.win_rate)


def _change(report: EvaluationReport, name: str, most: float, told: str, must: bool = False) -> Check:
    """That a figure fell by ``most`` at most."""
    wanted = f"at most {told} lower" if most else "not lower"
    figure = report.figure(name)
    if figure is None or figure.difference is None:
        return Check(f"the change in {name}", "not measured", wanted, False if must else None)
    fits = figure.difference >= -most - ROUNDING
    return Check(f"the change in {name}", _plain(figure.difference, "+"), wanted, fits)


def _perplexity(report: EvaluationReport, most: float) -> Check:
    """By bits per byte where the tokens differ: the logarithm of the perplexity a byte, so the same share of it is a
    stricter demand."""
    wanted = f"at most {most:.0%} higher" if most else "not higher"
    figure = report.figure("perplexity")
    if figure is not None and figure.difference is None:
        figure = report.figure("bits per byte")
    if figure is None or not figure.before or figure.difference is None:
        return Check("the change in perplexity", "not measured", wanted, None)
    change = figure.difference / figure.before
    return Check(f"the change in {figure.name}", f"{change:+.1%}", wanted, change <= most + ROUNDING)


def _plain(value: float, sign: str = "") -> str:
    return f"{value:{sign}.3g}"
