"""What runs have used, and what it costs. Kept when the runs themselves are deleted: it holds no word of them."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models

from flowbuilder.accounts.models import ApiKey, Asker, Workspace, WorkspaceOwned
from flowbuilder.flows.models import Environment, Flow
from flowbuilder.runs.models import Door, Status

MONEY = {"max_digits": 18, "decimal_places": 8, "default": Decimal(0)}


class UsageRecord(WorkspaceOwned):
    """Of one run, whose id it has."""

    at = models.DateTimeField()
    day = models.DateField()
    """Of ``at`` in UTC: to group by a column is many times faster than by a function."""
    flow = models.ForeignKey(Flow, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(null=True)
    environment = models.CharField(max_length=10, choices=Environment.choices)
    door = models.CharField(max_length=10, choices=Door.choices)
    outside = models.BooleanField()
    """It came by a door of those who do not build the flow."""
    key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    visitor = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    ended_at = models.DateTimeField(null=True)
    """None until what it used is known."""
    queue_ms = models.PositiveBigIntegerField(null=True)
    first_token_ms = models.PositiveBigIntegerField(null=True)
    total_ms = models.PositiveBigIntegerField(null=True)
    tokens_in = models.PositiveBigIntegerField(default=0)
    tokens_out = models.PositiveBigIntegerField(default=0)
    cost = models.DecimalField(**MONEY)

    class Meta:
        indexes = [
            # The page's sums are read from this alone; by its id a run leads to the models that it asked.
            models.Index(
                fields=[
                    *("workspace", "day", "flow", "version", "key", "person", "door", "environment"),
                    *("status", "tokens_in", "tokens_out", "cost", "queue_ms", "total_ms", "first_token_ms"),
                    "id",
                ],
                name="usage_of_runs",
            ),
            # The sums that quotas ask for are read from these alone.
            models.Index(fields=["key", "day", "tokens_in", "tokens_out", "cost"], name="usage_of_a_key"),
            models.Index(
                fields=["flow", "outside", "day", "tokens_in", "tokens_out", "cost"], name="usage_of_a_flow"
            ),
            models.Index(fields=["at"], condition=models.Q(ended_at=None), name="usage_unsettled"),
        ]

    def __str__(self) -> str:
        return f"{self.flow}: {self.tokens_in} + {self.tokens_out} tokens"


class ModelUse(models.Model):
    """What one run used of one model. ``workspace`` and ``day`` are the run's: the sums look at no run for them."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    record = models.ForeignKey(UsageRecord, on_delete=models.CASCADE, related_name="models")
    model = models.CharField(max_length=200)
    """As the run's trace has it: ``starter@1``, or ``gpt-x at api.example.com``."""
    tokens_in = models.PositiveBigIntegerField(default=0)
    tokens_out = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    """How long the nodes ran that asked it."""
    cost = models.DecimalField(**MONEY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "model"], name="one_use_a_model")]
        indexes = [
            # The sums by model are read from this alone; where only some runs are asked for, from the second.
            models.Index(
                fields=["workspace", "day", "model", "tokens_in", "tokens_out", "cost"], name="usage_by_model"
            ),
            models.Index(
                fields=["record", "model", "tokens_in", "tokens_out", "cost"], name="usage_of_models"
            ),
        ]

    def __str__(self) -> str:
        return self.model


class Price(WorkspaceOwned):
    """What a model costs, in the workspace's currency; a model without a price costs nothing."""

    model = models.CharField(max_length=200)
    """``starter@1`` is one version, ``starter`` every one that has no price of its own."""
    input_price = models.DecimalField(**MONEY)
    """Of 1000 tokens that it reads."""
    output_price = models.DecimalField(**MONEY)
    """Of 1000 tokens that it writes."""
    second_price = models.DecimalField(**MONEY)

    class Meta:
        ordering = ["model"]
        constraints = [models.UniqueConstraint(fields=["workspace", "model"], name="one_price_a_model")]

    def __str__(self) -> str:
        return self.model


class Bookkeeping(models.Model):
    """How a workspace counts, and how long it keeps runs."""

    workspace = models.OneToOneField(
        "accounts.Workspace", on_delete=models.CASCADE, related_name="bookkeeping"
    )
    currency = models.CharField(max_length=3, default="USD")
    keep_days = models.PositiveIntegerField(null=True)
    """Runs that ended before are deleted; None keeps them."""

    def __str__(self) -> str:
        return f"{self.currency}, {self.keep_days} days"

    @classmethod
    def of(cls, asker: Asker | None) -> Bookkeeping:
        """As it stands; not stored where nobody has changed it yet."""
        workspace = asker.workspace if asker else None
        return cls.objects.filter(workspace=workspace).first() or cls(workspace=workspace)
