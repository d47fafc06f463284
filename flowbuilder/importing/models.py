"""An import: which files, what became of them, and until then the files themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned


class Status(models.TextChoices):
    PREVIEW = "preview", _("Preview")
    """Read, and nothing made yet."""
    MADE = "made", _("Imported")


class Import(WorkspaceOwned):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.PREVIEW)
    files: ClassVar[Any] = models.JSONField(default=list)
    """Their names."""
    report: ClassVar[Any] = models.JSONField(default=dict)
    """``{flows, workspaces}``: what became of each flow, and of what came beside them."""
    held = models.BinaryField(null=True)
    """The files in a zip file, until it is made."""

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return ", ".join(self.files)

    @property
    def placeholders(self) -> int:
        return sum(
            flow["report"]["counts"]["placeholder"] for flow in self.report.get("flows", []) if flow["report"]
        )
