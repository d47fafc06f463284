"""What evaluations add to a model's card: the figures of the newest ones, old beside new."""

from __future__ import annotations

from collections.abc import Iterator

from flowbuilder.accounts.models import Asker
from flowbuilder.evaluation.models import Evaluation
from flowbuilder.modelhub.card import Section, number
from flowbuilder.modelhub.models import ModelVersion
from nodes.types import EvaluationReport, SafetyScore

MOST = 3


def sections(asker: Asker, version: ModelVersion) -> list[Section]:
    measured = Evaluation.objects.visible_to(asker).filter(after=version, measured_at__isnull=False)
    reports = (evaluation.found for evaluation in measured.order_by("-measured_at")[:MOST])
    return [_section(report) for report in reports if report is not None]


def _section(report: EvaluationReport) -> Section:
    told = f"On {report.prompts} prompts" + (f" of {report.source}." if report.source else ".")
    head = ("Measure", report.before, report.after, "Difference (95 % interval)")
    return Section(f"Evaluation against {report.before}", [head, *_rows(report)], told)


def _rows(report: EvaluationReport) -> Iterator[tuple[str, ...]]:
    for figure in report.figures:
        spread = f" ({figure.low:+.3g} to {figure.high:+.3g})" if figure.low is not None else ""
        difference = "" if figure.difference is None else f"{figure.difference:+.3g}{spread}"
        yield figure.name, _told(figure.before), _told(figure.after), difference
    for won in report.wins:
        rate = f"{won.rate:.0%} ({won.low:.0%} to {won.high:.0%})"
        yield f"Wins by {won.by.replace('_', ' ')}", "", rate, ""
    for name in ("tass", "tast"):
        before, after = _safety(report.safety_before, name), _safety(report.safety_after, name)
        if before or after:
            yield name.upper(), before, after, ""
    yield "Prompts answered worse, better", "", f"{report.worse}, {report.improved}", ""


def _told(value: float | None) -> str:
    return "" if value is None else number(value)


def _safety(score: SafetyScore | None, name: str) -> str:
    return "" if score is None else f"{score.model_dump()[name]:.1f}"
