"""What flows remember: named JSON values of a run, of a conversation or of the workspace."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.flows.models import Environment, Flow


class Scope(models.TextChoices):
    RUN = "run"
    SESSION = "session"
    WORKSPACE = "workspace"


class Variable(WorkspaceOwned):
    """One value. The workspace's own belong to no flow; the others go with theirs."""

    scope = models.CharField(max_length=10, choices=Scope.choices)
    flow = models.ForeignKey(Flow, null=True, on_delete=models.CASCADE, related_name="variables")
    holder = models.CharField(max_length=260, blank=True)
    """Whose it is within the scope: the run's id, or the flow's id and the session's name; of the workspace's own
    the environment that has it for itself, or nobody's in particular."""
    name = models.CharField(max_length=120)
    value: ClassVar[Any] = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "scope", "holder", "name"], name="one_variable_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def environment_name(self) -> str:
        """Of the workspace's own: where it stands in place of the common value."""
        return str(Environment(self.holder).label) if self.holder in Environment.values else ""

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.environment_name})" if self.environment_name else self.name
