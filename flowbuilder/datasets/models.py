"""Datasets: rows that versions share, a draft that is mended, and where each prompt belongs.

A row is never changed once a version holds it. It stands in the versions from ``first`` to ``last``; what has
no ``last`` stands in the draft. So a version costs what it changed, and freezing one is a single update.
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.modelhub.models import ModelVersion


class Kind(models.TextChoices):
    PREFERENCE = "preference", _("Preferences")
    COMPLETION = "completion", _("Demonstrations")
    LABEL = "label", _("Labels")
    MESSAGES = "messages", _("Conversations")
    PROMPTS = "prompts", _("Prompts")


class Split(models.TextChoices):
    TRAIN = "train", _("Train")
    VALIDATION = "validation", _("Validation")
    TEST = "test", _("Test")


class Origin(models.TextChoices):
    FEEDBACK = "feedback", _("Feedback")
    IMPORTED = "imported", _("Imported")
    SYNTHETIC = "synthetic", _("Synthetic")
    WRITTEN = "written", _("Written")
    MENDED = "mended", _("Mended")


class Gone(models.TextChoices):
    """Why a row left the draft."""

    REMOVED = "removed", _("removed")
    MENDED = "mended", _("mended")
    WITHDRAWN = "withdrawn", _("its rating was withdrawn")
    ARRIVING = "arriving", _("not all of its file is in")
    OUTVOTED = "outvoted", _("its raters disagree or are not sure")


def fresh_salt() -> str:
    return secrets.token_hex(16)


class Dataset(WorkspaceOwned):
    """Rows of one kind under one name. The shares of its splits are set once, for they decide every split."""

    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    salt = models.CharField(max_length=32, default=fresh_salt, editable=False)
    train_share = models.PositiveSmallIntegerField(default=80, validators=[MaxValueValidator(100)])
    validation_share = models.PositiveSmallIntegerField(default=10, validators=[MaxValueValidator(100)])
    newest = models.PositiveIntegerField(default=0)
    """Number of the newest version; 0 before the first."""
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_dataset_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def test_share(self) -> int:
        return 100 - self.train_share - self.validation_share

    @property
    def draft(self) -> RowQuerySet:
        return self.rows.filter(last=None)

    @property
    def differs(self) -> bool:
        """Whether the draft says something else than the newest version: a row came, or one of its rows went."""
        came = models.Q(first=None, last=None)
        went = models.Q(first__isnull=False, last=self.newest)
        return self.rows.filter(came | went).exists()


class DatasetVersion(WorkspaceOwned):
    """A state of the draft that never changes again."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    counts: ClassVar[Any] = models.JSONField(default=dict)
    """Rows by split, and ``synthetic``."""
    statistics: ClassVar[Any] = models.JSONField(null=True)
    """None until they are counted."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_dataset_version_a_number")
        ]
        ordering = ["dataset__name", "-number"]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        return f"{self.dataset.name}@{self.number}"

    @property
    def rows(self) -> RowQuerySet:
        return self.dataset.rows.in_version(self.number)

    @property
    def total(self) -> int:
        return sum(self.counts.get(split, 0) for split in Split.values)


class RowQuerySet(models.QuerySet[Any]):
    def in_version(self, number: int) -> RowQuerySet:
        return self.filter(models.Q(last=None) | models.Q(last__gte=number), first__lte=number)

    def duplicates(self) -> RowQuerySet:
        """Rows that say the same as one that came before them in the same selection."""
        earlier = self.filter(digest=models.OuterRef("digest"), pk__lt=models.OuterRef("pk"))
        return self.filter(models.Exists(earlier.order_by()))

    def contradictory(self) -> RowQuerySet:
        """Rows of which another says the opposite."""
        against = self.filter(digest=models.OuterRef("opposite")).order_by()
        return self.exclude(opposite="").filter(models.Exists(against))


class Row(models.Model):
    """One row as it was from version ``first`` to ``last``; mended, it ends and another goes on in its line."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="rows")
    line = models.UUIDField(default=uuid.uuid4)
    """What stays when it is mended."""
    content: ClassVar[Any] = models.JSONField()
    text = models.TextField()
    """All that it says, to be searched."""
    characters = models.PositiveIntegerField()
    empty = models.BooleanField(default=False)
    """An answer in it has no words."""
    digest = models.CharField(max_length=32)
    opposite = models.CharField(max_length=32, blank=True)
    """Digest of the row that would contradict it."""
    group = models.CharField(max_length=32)
    """Keyed hash of its prompt: rows with the same prompt go together."""
    split = models.CharField(max_length=10, choices=Split.choices)
    origin = models.CharField(max_length=9, choices=Origin.choices)
    source: ClassVar[Any] = models.JSONField(default=dict)
    """Where it came from: rating, run, node, model, person; of a synthetic row its seed and generator."""
    key = models.CharField(max_length=64, blank=True)
    """What brought it: coming again, it is the same row."""
    first = models.PositiveIntegerField(null=True)
    """The first version that holds it; None while only the draft does."""
    last = models.PositiveIntegerField(null=True)
    """The newest version when it left the draft; None while it stands there."""
    gone = models.CharField(max_length=9, choices=Gone.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(null=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["dataset", "last", "split"]),
            models.Index(fields=["dataset", "digest"]),
            models.Index(fields=["dataset", "group"]),
            models.Index(fields=["dataset", "line"]),
            models.Index(fields=["dataset", "key"]),
            models.Index(fields=["at"], condition=models.Q(gone="arriving"), name="rows_that_arrive"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def alive(self) -> bool:
        return self.last is None


class Placement(models.Model):
    """A prompt that stands elsewhere than its hash says, and why. It holds for every row of that prompt, for ever."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="placements")
    group = models.CharField(max_length=32)
    split = models.CharField(max_length=10, choices=Split.choices)
    reason = models.CharField(max_length=300)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "group"], name="one_placement_a_prompt")]


class AugmentationStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


AUGMENTED = (AugmentationStatus.FINISHED, AugmentationStatus.FAILED, AugmentationStatus.CANCELLED)


class Augmentation(WorkspaceOwned):
    """An order for synthetic rows: the queue of record for what a ``flow`` worker does. The newest ``fence`` may write."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="augmentations")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settings: ClassVar[Any] = models.JSONField(default=dict)
    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    """The version that writes; None where none does."""
    seeds: ClassVar[Any] = models.JSONField(default=list)
    """``[{"row": id or None, "content": {...}}]``."""
    status = models.CharField(
        max_length=10, choices=AugmentationStatus.choices, default=AugmentationStatus.QUEUED
    )
    error = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    """Seeds that are through."""
    kept = models.PositiveIntegerField(default=0)
    dropped: ClassVar[Any] = models.JSONField(default=dict)
    """Why drafts were not kept: ``{"duplicate": 3, ...}``."""
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    lives = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "lease_until"])]

    def __str__(self) -> str:
        return f"Synthetic rows for {self.dataset}"

    @property
    def ended(self) -> bool:
        return self.status in AUGMENTED
