"""Answers that callers may ask for again, and go on from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run


class StoredResponse(WorkspaceOwned):
    """What was asked at ``/v1/responses``; the answer is its run's. It is called by its run's id."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="+")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="stored_response")
    messages: ClassVar[Any] = models.JSONField(default=list)
    """The whole conversation up to the question, as chat messages: one goes on from here also when earlier ones are deleted."""
    items: ClassVar[Any] = models.JSONField(default=list)
    """The input items of this response alone, with their ids."""
    asked: ClassVar[Any] = models.JSONField(default=dict)
    """What a response repeats of its request."""

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return name_of(self.run_id)


def name_of(run_id: Any) -> str:
    return f"resp_{run_id.hex}"
