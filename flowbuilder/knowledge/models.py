"""Knowledge bases, their documents, the passages that these were split into."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from flowbuilder.accounts.models import WorkspaceOwned, WorkspaceOwnedQuerySet


class KnowledgeBaseQuerySet(WorkspaceOwnedQuerySet):
    def with_counts(self) -> KnowledgeBaseQuerySet:
        """By name, each with how many documents it has, how many of them are pending, and how many failed."""
        status = "documents__status"
        return self.annotate(
            total=models.Count("documents"),
            pending=models.Count("documents", models.Q(**{f"{status}__in": PENDING})),
            failed=models.Count("documents", models.Q(**{status: DocumentStatus.FAILED})),
        ).order_by("name")


class KnowledgeBase(WorkspaceOwned):
    name = models.CharField(max_length=100)

    objects = KnowledgeBaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_base_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DocumentStatus(models.TextChoices):
    QUEUED = "queued"
    INDEXING = "indexing"
    READY = "ready"
    FAILED = "failed"


PENDING = [DocumentStatus.QUEUED, DocumentStatus.INDEXING]


class Document(WorkspaceOwned):
    """An uploaded file. Its bytes are kept under its id: a name is only shown, never a path."""

    base = models.ForeignKey(KnowledgeBase, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.QUEUED)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pending(self) -> bool:
        return self.status in PENDING


class Passage(models.Model):
    """A piece of a document that search can find."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    ordinal = models.PositiveIntegerField()
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    words = models.JSONField(default=list)
    """Segmented, for the keyword index."""
    vector = models.BinaryField()
    """float16, normalised, as long as the embedder's dimension."""

    class Meta:
        unique_together = [("document", "ordinal")]
        ordering = ["document", "ordinal"]

    def __str__(self) -> str:
        return f"{self.document}#{self.ordinal}"
