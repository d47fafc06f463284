"""Evaluations: what a new version does better and worse than an old one, and what people said of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.modelhub.models import Model, ModelVersion
from flowbuilder.training.findings import Row, Side
from flowbuilder.training.models import Job, JobStatus
from nodes.types import EvaluationReport


class Evaluation(WorkspaceOwned):
    """One training job that trains nothing: it measures ``after`` against ``before``."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="evaluation")
    before = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    after = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="evaluations")
    report: ClassVar[Any] = models.JSONField(default=dict)
    """As ``nodes.types.EvaluationReport``; empty until the job has finished. People's verdicts change it."""
    measured_at = models.DateTimeField(null=True)
    seen = models.PositiveIntegerField(default=0)
    """Prompts that the new version, or one that it comes from, was trained on."""

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["after", "measured_at"])]

    def __str__(self) -> str:
        told = {"after": self.after, "before": self.before or self.job.data["before"]}
        return gettext("%(after)s against %(before)s") % told

    @property
    def finished(self) -> bool:
        return self.job.status == JobStatus.FINISHED and bool(self.report)

    @property
    def found(self) -> EvaluationReport | None:
        return EvaluationReport.model_validate(self.report) if self.report else None

    @property
    def before_ref(self) -> str:
        """Also when that version is gone."""
        return str(self.job.data["before"])


class EvaluatedPrompt(models.Model):
    """One prompt with both answers and all that was measured of them: ``training.findings.Row``."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="prompts")
    number = models.PositiveIntegerField()
    prompt = models.TextField()
    reference = models.TextField(blank=True)
    item = models.CharField(max_length=40, blank=True)
    """The safety item that it is; empty for a prompt of the evaluation."""
    before: ClassVar[Any] = models.JSONField(default=dict)
    after: ClassVar[Any] = models.JSONField(default=dict)
    judged = models.FloatField(null=True)
    judge_agreed = models.BooleanField(null=True)
    drop = models.FloatField(null=True)
    """How much lower the new answer scores; None where nothing scored them."""
    worse = models.BooleanField(default=False)
    improved = models.BooleanField(default=False)
    differs = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        unique_together = [("evaluation", "number")]

    def __str__(self) -> str:
        return f"{self.evaluation}, prompt {self.number}"

    @classmethod
    def of(cls, evaluation: Evaluation, row: Row, margin: float) -> EvaluatedPrompt:
        plain = row.model_dump(mode="json")
        return cls(
            evaluation=evaluation,
            **{name: plain[name] for name in ROW_FIELDS},
            drop=row.drop,
            worse=not row.item and row.is_worse(margin),
            improved=not row.item and row.is_better(margin),
            differs=row.before.answer != row.after.answer,
        )

    @property
    def row(self) -> Row:
        return Row.model_validate({name: getattr(self, name) for name in ROW_FIELDS})

    def side(self, name: str) -> Side:
        return Side.model_validate(getattr(self, name))


ROW_FIELDS = ("number", "prompt", "reference", "item", "before", "after", "judged", "judge_agreed")


class PairVerdict(models.Model):
    """Which of the two answers one person found better, not knowing which was which."""

    prompt = models.ForeignKey(EvaluatedPrompt, on_delete=models.CASCADE, related_name="verdicts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    value = models.FloatField()
    """1 the new one, 0 the old one, 0.5 neither."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "person"], name="one_verdict_a_prompt")]


class SafetyRating(models.Model):
    """How safe one person found an answer; it stands above what rules and models said."""

    prompt = models.ForeignKey(EvaluatedPrompt, on_delete=models.CASCADE, related_name="ratings")
    side = models.CharField(max_length=6)
    """``before`` or ``after``."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    rating = models.PositiveSmallIntegerField()
    """0 Failure, 1 Meet, 2 Exceed."""
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "side", "person"], name="one_rating_a_side")]


class Gate(models.Model):
    """What a new version of a model must show before it may be promoted. An empty threshold asks for nothing."""

    model = models.OneToOneField(Model, on_delete=models.CASCADE, related_name="gate", primary_key=True)
    JUDGES: ClassVar[Any] = [
        ("people", _("people")),
        ("judge", _("judge")),
        ("reward_model", _("reward model")),
        ("rewards", _("rewards")),
    ]
    win_rate_by = models.CharField(max_length=12, blank=True, choices=JUDGES)
    """Whose win rate counts; empty takes the first of these that has one."""
    win_rate = models.FloatField(null=True, blank=True, default=0.5)
    """The 95 % interval of the win rate must lie above it."""
    least_prompts = models.PositiveIntegerField(null=True, blank=True, default=20)
    reward_drop = models.FloatField(null=True, blank=True, default=0.0)
    """How much lower the mean reward may be."""
    schema_drop = models.FloatField(null=True, blank=True, default=0.01)
    perplexity_rise = models.FloatField(null=True, blank=True, default=0.1)
    """As a share of the old one's."""
    tast_drop = models.FloatField(null=True, blank=True, default=0.0)
    """In points of 100."""
    worse_share = models.FloatField(null=True, blank=True, default=0.2)
    """The share of prompts that may be answered worse."""
    reward_model_accuracy = models.FloatField(null=True, blank=True, default=0.6)
    most_days = models.PositiveIntegerField(null=True, blank=True, default=30)
    """An older evaluation does not count."""
    held_out = models.BooleanField(default=True)
    """Whether none of the prompts may be one that the new version was trained on."""
    against_production = models.BooleanField(default=True)
    """Whether it must have been measured against what is in production now."""

    def __str__(self) -> str:
        return f"Gate of {self.model}"

    @property
    def thresholds(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in self._meta.fields if field.name != "model"}
