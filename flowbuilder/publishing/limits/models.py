"""How much a key may use, and how much of a flow may be used from outside."""

from __future__ import annotations

from django.db import models

from flowbuilder.accounts.models import ApiKey, WorkspaceOwned
from flowbuilder.flows.models import Flow


class Limit(WorkspaceOwned):
    """Of one key, or of one flow for everybody outside. What is empty is not limited."""

    key = models.OneToOneField(ApiKey, null=True, on_delete=models.CASCADE, related_name="limit")
    flow = models.OneToOneField(Flow, null=True, on_delete=models.CASCADE, related_name="limit")
    requests_a_minute = models.PositiveIntegerField(null=True)
    runs_at_once = models.PositiveIntegerField(null=True)
    """Queued and running; what waits for a person or a time does not count."""
    tokens_a_day = models.PositiveBigIntegerField(null=True)
    tokens_a_month = models.PositiveBigIntegerField(null=True)
    money_a_month = models.DecimalField(null=True, max_digits=12, decimal_places=2)
    """In the workspace's currency. Days and months are those of UTC."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(key__isnull=True) ^ models.Q(flow__isnull=True),
                name="limit_of_a_key_or_a_flow",
            )
        ]

    def __str__(self) -> str:
        return f"Limit of {self.key or self.flow}"

    @property
    def whose(self) -> str:
        return "key" if self.key_id else "flow"
