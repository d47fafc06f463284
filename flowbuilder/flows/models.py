"""A flow: its draft, its published versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned


def empty_graph() -> dict[str, Any]:
    return {"nodes": [], "wires": [], "notes": []}


class Environment(models.TextChoices):
    """Where a flow runs. Each of the last two holds a version, or none."""

    DRAFT = "draft", _("Draft")
    STAGING = "staging", _("Staging")
    PRODUCTION = "production", _("Production")


class Flow(WorkspaceOwned):
    """A named graph. ``graph`` is the draft; callers of the published flow get ``published_version``."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=80)
    """Its name as a model over the OpenAI-compatible API; unique in the workspace, never changes."""
    graph = models.JSONField(default=empty_graph)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)
    published_version = models.ForeignKey(
        "FlowVersion", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """What runs in production."""
    staging_version = models.ForeignKey("FlowVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    """What is tried before it goes there."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="one_slug_a_workspace")]

    def __str__(self) -> str:
        return self.name


class FlowVersion(models.Model):
    """A graph that never changes again."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    graph = models.JSONField()
    name = models.CharField(max_length=80, blank=True)
    """What people call it; its number stays."""
    note = models.CharField(max_length=2000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        unique_together = [("flow", "number")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.flow} version {self.number}"


class SavedTemplate(WorkspaceOwned):
    """A flow that somebody of the workspace keeps for others to start from."""

    title = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)
    graph = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["title", "created_at"]

    def __str__(self) -> str:
        return self.title


class EditReceipt(models.Model):
    """The last changes that were made for an open editor: it sends them again when it heard no answer."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="+")
    client = models.CharField(max_length=60)
    """The editor's own random name: one a tab."""
    number = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "client"], name="one_receipt_a_client")]

    def __str__(self) -> str:
        return f"{self.flow}: {self.client} up to {self.number}"


class PublicationMove(models.Model):
    """One change of what an environment holds. Versions stand as numbers; None is offline."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="moves")
    environment = models.CharField(max_length=10, choices=Environment.choices, default=Environment.PRODUCTION)
    before = models.PositiveIntegerField(null=True)
    after = models.PositiveIntegerField(null=True)
    undo = models.BooleanField(default=False)
    """A roll back: it takes the move before it back."""
    reason = models.CharField(max_length=500, blank=True)
    """In the words of whoever moved it."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.flow}: {self.before} to {self.after}"
