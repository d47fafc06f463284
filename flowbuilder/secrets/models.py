"""Values that flows use and nobody reads again: passwords and tokens of other systems."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from flowbuilder.accounts.models import User, WorkspaceOwned


class Secret(WorkspaceOwned):
    """What flows of a workspace may send to some hosts, by its name. Its value is only ever replaced."""

    name = models.CharField(max_length=60)
    sealed = models.TextField()
    """See ``sealing``."""
    hosts: ClassVar[Any] = models.JSONField(default=list)
    """For people to read; those that count are sealed with the value."""
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_secret_a_name_and_workspace")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> str:
        """What the sealed value has to say of whose it is."""
        return f"{self.workspace_id}/{self.pk}"
