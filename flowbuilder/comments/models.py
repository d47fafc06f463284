"""A thread, what was said in it, and who was called to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from flowbuilder.accounts.models import WorkspaceOwned


class Thread(WorkspaceOwned):
    """Belongs to the flow and not to its graph: it outlives its node, and no version or file holds it."""

    flow = models.ForeignKey("flows.Flow", on_delete=models.CASCADE, related_name="threads")
    node = models.CharField(max_length=500, blank=True)
    """The node's path, inside groups ``group_1/prompt_2``; empty where it is about the flow."""
    label = models.CharField(max_length=200, blank=True)
    """What the node was called when the thread began: all that is left to say of a deleted one."""
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.flow}: {self.label or self.node or 'the flow'}"


class Comment(models.Model):
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(max_length=254)
    """The person's then, which stays when they go."""
    text = models.TextField()
    """Markdown, made into elements where it is shown, never into HTML."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:40]}"


class Mention(models.Model):
    """Somebody whom a comment calls by name; told until they have read it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="one_mention_a_person")]

    def __str__(self) -> str:
        return f"{self.person} in {self.comment}"


class Reading(models.Model):
    """How far somebody has read what is said about a flow."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    flow = models.ForeignKey("flows.Flow", on_delete=models.CASCADE, related_name="+")
    comment_id = models.BigIntegerField(default=0)
    """The last one then; no foreign key, it may be gone since."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "flow"], name="one_reading_a_flow")]

    def __str__(self) -> str:
        return f"{self.person} in {self.flow}: {self.comment_id}"
