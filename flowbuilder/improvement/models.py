"""An improvement: a flow that trains, made for another flow, and its run."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run


class Improvement(WorkspaceOwned):
    """One press of the button."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="improvements")
    """Whose answers are to become better."""
    trainer = models.ForeignKey(Flow, null=True, on_delete=models.SET_NULL, related_name="improves")
    """The flow that trains; it can be opened and edited like any other."""
    run = models.OneToOneField(Run, null=True, on_delete=models.SET_NULL, related_name="improvement")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Improvement of {self.flow}"
