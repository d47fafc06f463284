"""A search for a better prompt: the queue of record for what a ``flow`` worker does, and all that it found out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.flows.models import Flow


class SearchStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


SEARCHED = (SearchStatus.FINISHED, SearchStatus.FAILED, SearchStatus.CANCELLED)


class PromptSearch(WorkspaceOwned):
    """It goes on from ``scores`` and ``proposals``: with these it comes the same way again, and asks nothing twice."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="prompt_searches")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    graph: ClassVar[Any] = models.JSONField()
    """The draft as it was: what is measured does not change under the search."""
    node = models.CharField(max_length=LONGEST_PATH)
    setting = models.CharField(max_length=80)
    start = models.TextField()
    """The prompt that it began with."""
    cases: ClassVar[Any] = models.JSONField(default=list)
    """As ``prompting.cases.Case``."""
    plan: ClassVar[Any] = models.JSONField(default=dict)
    """``{measure, rewards, model, answers, rounds, seed}``."""
    status = models.CharField(max_length=10, choices=SearchStatus.choices, default=SearchStatus.QUEUED)
    error = models.TextField(blank=True)
    scores: ClassVar[Any] = models.JSONField(default=dict)
    """Digest of a prompt -> number of a case -> score."""
    proposals: ClassVar[Any] = models.JSONField(default=list)
    """What the model proposed, round by round."""
    found: ClassVar[Any] = models.JSONField(default=dict)
    """The outcome so far, as ``searching.told`` writes it."""
    lease_until = models.DateTimeField(default=timezone.now)
    fence = models.PositiveIntegerField(default=0)
    """Whoever took it last may write."""
    lives = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "lease_until"], name="prompt_searches_to_take")]

    def __str__(self) -> str:
        return f"Prompt {self.node}.{self.setting} of {self.flow}"

    @property
    def ended(self) -> bool:
        return self.status in SEARCHED
