"""What Flowise's clients leave with us beside questions: who wants to be called back, and files of a chat."""

from __future__ import annotations

from django.db import models

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.flows.models import Flow

LONGEST_ID = 150
"""Characters of a chat's or a session's name, which the caller chooses."""


class Lead(WorkspaceOwned):
    """Somebody in a chat who left their name and how to reach them."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="leads")
    chat = models.CharField(max_length=LONGEST_ID)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["flow", "chat"], name="one_lead_a_chat")]

    def __str__(self) -> str:
        return self.name or self.email or self.phone


class Attachment(WorkspaceOwned):
    """A file that was attached to a chat, kept for a while so that the chat can show it."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="+")
    conversation = models.UUIDField()
    name = models.CharField(max_length=255)
    data = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["flow", "conversation"])]

    def __str__(self) -> str:
        return self.name
