"""A/B tests: live traffic of one alias divided between versions, and who was given which."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.modelhub.models import PRODUCTION, Model, ModelVersion
from flowbuilder.runs.models import Run


class Metric(models.TextChoices):
    """What decides."""

    GOOD = "good", _("Good ratings")
    WINS = "wins", _("Wins in blind comparisons")
    ERRORS = "errors", _("Failed runs")


class Status(models.TextChoices):
    RUNNING = "running", _("Running")
    CONCLUDED = "concluded", _("Concluded")
    STOPPED = "stopped", _("Stopped")


class AbTest(WorkspaceOwned):
    """Versions that share what an alias means, until a rule or a person ends it; then the alias counts again.

    Shares stay as they are while a test runs: changed in the middle they would compare different days.
    """

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="tests")
    alias = models.CharField(max_length=63, default=PRODUCTION)
    metric = models.CharField(max_length=6, choices=Metric.choices, default=Metric.GOOD)
    least = models.PositiveIntegerField(default=100)
    """Outcomes that each arm needs before the metric may end the test."""
    alpha = models.FloatField(default=0.05)
    """Chance that the whole test, all its rules together and looked at at any time, ends on no difference."""
    days = models.PositiveSmallIntegerField(default=14)
    guard_errors = models.BooleanField(default=True)
    guard_unsafe = models.BooleanField(default=True)
    slow_seconds = models.FloatField(null=True)
    """A run that takes longer is slow, and clearly more of those end the test; None: time is only shown."""
    long_tokens = models.PositiveIntegerField(null=True)
    """The same for answers of more tokens."""
    salt = models.UUIDField(default=uuid.uuid4)
    """Decides with the session which arm it gets; a test that follows on another one keeps that one's."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.RUNNING)
    reason = models.TextField(blank=True)
    """Why it ended."""
    winner = models.ForeignKey("Arm", null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "alias"],
                condition=models.Q(status=Status.RUNNING),
                name="one_running_test_an_alias",
            )
        ]

    def __str__(self) -> str:
        return f"{self.model}:{self.alias}"

    @property
    def running(self) -> bool:
        return self.status == Status.RUNNING

    @property
    def guards(self) -> list[str]:
        """The outcomes that challengers must not have clearly more of."""
        wanted = {
            "errors": self.guard_errors and self.metric != Metric.ERRORS,
            "slow": self.slow_seconds is not None,
            "long": self.long_tokens is not None,
        }
        return [name for name, on in wanted.items() if on]


class Arm(models.Model):
    """One version with its percent of the sessions."""

    test = models.ForeignKey(AbTest, on_delete=models.CASCADE, related_name="arms")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="arms")
    share = models.PositiveSmallIntegerField()
    control = models.BooleanField(default=False)
    """What the alias meant when the test began."""

    class Meta:
        ordering = ["-control", "id"]
        constraints = [models.UniqueConstraint(fields=["test", "version"], name="one_arm_a_version")]

    def __str__(self) -> str:
        return self.version.ref


class Exposure(models.Model):
    """One run that was given one arm, and, once it has ended, how it went."""

    test = models.ForeignKey(AbTest, on_delete=models.CASCADE, related_name="exposures")
    arm = models.ForeignKey(Arm, on_delete=models.CASCADE, related_name="exposures")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="exposures")
    session = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    settled = models.BooleanField(default=False)
    failed = models.BooleanField(null=True)
    """None until it has ended, and where it was cancelled: that says nothing of the model."""
    seconds = models.FloatField(null=True)
    tokens = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["test", "run"], name="one_arm_a_run")]
        indexes = [models.Index(fields=["test", "settled"])]
        ordering = ["id"]
