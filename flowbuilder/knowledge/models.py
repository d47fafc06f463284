"""Knowledge bases, their documents, the passages that these were split into."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

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
    splitting = models.JSONField(default=dict, blank=True)
    """How its documents are split where they have no settings of their own; empty means automatically."""
    embedder = models.CharField(max_length=200, blank=True)
    """A sentence-transformers folder on the model shelf or a hub id; empty means the one that is shipped."""
    reranker = models.CharField(max_length=200, blank=True)
    """A cross-encoder, named in the same way; empty means none."""

    objects = KnowledgeBaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_base_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DocumentStatus(models.TextChoices):
    QUEUED = "queued"
    INDEXING = "indexing"
    HELD = "held"
    """Read, and not split before somebody has seen how."""
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


PENDING = [DocumentStatus.QUEUED, DocumentStatus.INDEXING]


class Origin(models.TextChoices):
    FILE = "file"
    URL = "url"
    TEXT = "text"
    """Pasted."""
    ANSWERS = "answers"
    """The questions that people answered themselves: one such document a base."""


class Document(WorkspaceOwned):
    """What was uploaded, fetched, pasted or answered. Its bytes are kept under its id: a name is only shown, never a path."""

    base = models.ForeignKey(KnowledgeBase, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=255)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.FILE)
    url = models.URLField(max_length=2000, blank=True)
    """Where it was fetched."""
    metadata = models.JSONField(default=dict, blank=True)
    """Name -> text, number, yes/no or list of texts: what filters look at."""
    splitting = models.JSONField(null=True, blank=True)
    """Its own settings; null takes the base's."""
    enabled = models.BooleanField(default=True)
    """Switched off, none of its passages is found."""
    phase = models.CharField(max_length=10, blank=True)
    """What its worker does now, or does next: reading, splitting, embedding."""
    done = models.PositiveIntegerField(default=0)
    """Passages that are embedded already, of ``planned``."""
    planned = models.PositiveIntegerField(default=0)
    format = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.QUEUED)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    """Since it last came forward."""
    lease_until = models.DateTimeField(default=timezone.now)
    fence = models.PositiveIntegerField(default=0)
    """Counts its workers: what an earlier one still writes is refused."""
    hold = models.BooleanField(default=False)
    """Once read it waits to be committed."""
    sketch = models.BinaryField(null=True)
    """Of its text, to tell near duplicates (``ingestion/sketches.py``)."""
    resembles = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """An earlier document of the base that says almost the same, by a share of ``resemblance``."""
    resemblance = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pending(self) -> bool:
        return self.status in PENDING

    @property
    def described(self) -> list[tuple[str, str]]:
        """Its metadata as people read it."""
        return [(name, _shown(value)) for name, value in sorted(self.metadata.items())]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class Passage(models.Model):
    """A piece of a document that search can find, or a question with the answer that people gave it."""

    base = models.ForeignKey(KnowledgeBase, on_delete=models.CASCADE, related_name="passages")
    """The document's, beside it because every search starts from it."""
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    """The larger passage that is given in its place; parents themselves are not searched (``searched``)."""
    ordinal = models.PositiveIntegerField()
    heading = models.CharField(max_length=300, blank=True)
    question = models.TextField(blank=True)
    """Of a question and answer: this is searched, and ``text`` is the answer."""
    text = models.TextField()
    start = models.PositiveIntegerField(null=True, blank=True)
    """With ``end`` where it stands in the document's text, in characters; null where a person wrote it."""
    end = models.PositiveIntegerField(null=True, blank=True)
    searched = models.BooleanField(default=True)
    """False for parents."""
    enabled = models.BooleanField(default=True)
    edited = models.BooleanField(default=False)
    """A person wrote or changed it: splitting the document again keeps it."""
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of what is searched of it: the same text is not embedded twice."""
    words = models.JSONField(default=list)
    """Segmented, for the keyword index."""
    vector = models.BinaryField(null=True)
    """float16, normalised, as long as the embedder's dimension; null until it is embedded, and for parents."""

    class Meta:
        ordering = ["document", "ordinal"]
        indexes = [
            models.Index(fields=["document", "ordinal"], name="passages_in_order"),
            models.Index(fields=["base", "digest"], name="passages_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.document}#{self.ordinal}"


class StagedVector(models.Model):
    """What was embedded of a document that is not through yet: a killed worker's successor goes on behind it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="staged")
    digest = models.CharField(max_length=64)
    vector = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "digest"], name="staged_once")]

    def __str__(self) -> str:
        return f"{self.document}: {self.digest[:12]}"


class IndexChange(models.Model):
    """What an index that stands outside the database has still to take in; written with the change itself.

    Numbers only grow. An index remembers the last one that it took and goes on behind it, so a killed worker or
    another machine's copy catches up by itself.
    """

    id = models.BigAutoField(primary_key=True)
    base = models.ForeignKey(KnowledgeBase, on_delete=models.CASCADE, related_name="changes")
    passage_id = models.BigIntegerField()
    """No foreign key: the passage may be gone, which is then what there is to take in."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["base", "id"], name="changes_in_order")]

    def __str__(self) -> str:
        return f"{self.base}: {self.passage_id}"


class IndexTables(models.Model):
    """A generation of pgvector's index of a base, whose tables carry its number. Empty where the database has no pgvector."""

    base_id = models.UUIDField(db_index=True)
    """No foreign key: the tables have to be dropped after their base is gone."""
    embedder = models.CharField(max_length=200, blank=True)
    answers = models.BooleanField(default=False)
    dimensions = models.PositiveIntegerField(default=0)
    """0 until the first vector."""
    slots = models.PositiveBigIntegerField(default=0)
    """How many passages it holds."""
    total_length = models.PositiveBigIntegerField(default=0)
    """Words of all its passages."""
    taken = models.BigIntegerField()
    """The last ``IndexChange`` that is in it."""
    filled_to = models.BigIntegerField(default=0)
    """Until it is complete: the last passage that was read from the rows."""
    complete = models.BooleanField(default=False)
    graphed = models.BooleanField(default=False)
    dead = 0
    """Slots that cost and give nothing: PostgreSQL gives the room of deleted rows to others."""

    def __str__(self) -> str:
        return f"{self.base_id}: {self.pk}"


class Reembedding(models.Model):
    """A base changes over to another embedder; until it is through, the base's own one answers."""

    base = models.OneToOneField(KnowledgeBase, on_delete=models.CASCADE, related_name="reembedding")
    embedder = models.CharField(max_length=200, blank=True)
    """Named as the base's."""
    planned = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    """The last passage that was embedded, by id."""
    error = models.TextField(blank=True)
    """Why it does not go on."""
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.base}: {self.embedder}"


class NewVector(models.Model):
    """Of a passage whose base changes over, by the embedder to come."""

    passage = models.OneToOneField(Passage, on_delete=models.CASCADE, related_name="new_vector")
    digest = models.CharField(max_length=64, blank=True)
    """The passage's, when it was embedded."""
    vector = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.passage_id}"
