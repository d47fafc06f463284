"""Models of a workspace, their versions, and the names that point at versions."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import Asker, WorkspaceOwned, WorkspaceOwnedQuerySet
from flowbuilder.accounts.reach import Thing
from flowbuilder.modelhub.starter_folder import STARTER

PRODUCTION = "production"


class ModelQuerySet(WorkspaceOwnedQuerySet):
    def called(self, name: str) -> ModelQuerySet:
        """By its name; or by its id, which is how it is called to whom it was shared."""
        try:
            return self.filter(models.Q(name=name) | models.Q(pk=uuid.UUID(name)))
        except ValueError:
            return self.filter(name=name)


class Model(WorkspaceOwned):
    """A line of versions under one name. A setting names ``name``, ``name@2`` or ``name:alias``."""

    name = models.CharField(max_length=64)
    last_number = models.PositiveIntegerField(default=0)
    """The highest number given so far: one that was deleted is never given again."""
    intended_use = models.TextField(blank=True)
    """What a person says it is for. It stands in the card beside the facts."""
    limits = models.TextField(blank=True)
    """What a person says it is not for, or not good at."""

    objects = ModelQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_model_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def called_to(self, asker: Asker) -> str:
        """In addresses. Two workspaces may share models of one name with the same guest, who may have another one."""
        return str(self.pk) if asker.guest_of else self.name


class Kind(models.TextChoices):
    CAUSAL = "causal", _("Language model")
    SEQ2SEQ = "seq2seq", _("Language model (seq2seq)")
    REWARD = "reward", _("Reward model")
    CLASSIFIER = "classifier", _("Text classifier")


class Source(models.TextChoices):
    SHIPPED = "shipped"
    FOLDER = "folder"
    HUB = "hub"
    JOB = "job"


class VersionStatus(models.TextChoices):
    IMPORTING = "importing"
    READY = "ready"
    FAILED = "failed"


class Transfer(models.Model):
    """What moves files and takes a while: a row that a worker holds by its lease, with how far it is."""

    progress: ClassVar[Any] = models.JSONField(default=list)
    """``[{"name", "done", "size"}]`` in bytes."""
    cancel_requested = models.BooleanField(default=False)
    lease_until = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    """How often a worker took it; whoever took it last may write."""

    class Meta:
        abstract = True

    @property
    def bytes_done(self) -> int:
        return sum(file["done"] for file in self.progress)

    @property
    def bytes_wanted(self) -> int:
        return sum(file["size"] for file in self.progress)


class ModelVersion(Transfer, WorkspaceOwned):
    """Weights that never change again, in a folder of their own."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CAUSAL)
    source = models.CharField(max_length=8, choices=Source.choices)
    location = models.CharField(max_length=300, blank=True)
    """Where it came from: a folder's name, a hub id with its revision, a job's id."""
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="children")
    """The version that it was trained from."""
    status = models.CharField(max_length=10, choices=VersionStatus.choices, default=VersionStatus.READY)
    error = models.TextField(blank=True)
    parameters = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    """Bytes on disk."""
    files: ClassVar[Any] = models.JSONField(null=True)
    """``[{"name", "size", "sha256"}]``; None until a worker has read them."""
    metrics: ClassVar[Any] = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "number"], name="one_version_a_number")]
        ordering = ["model__name", "-number"]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        return f"{self.model.name}@{self.number}"

    def parent_to(self, asker: Asker) -> ModelVersion | None:
        """What it was trained from, where that is theirs to see: guests of a model see its own versions alone."""
        parent = self.parent
        if parent is None or parent.workspace_id != asker.workspace.pk:
            return None
        return parent if asker.only in (None, Thing("model", parent.model_id)) else None

    @property
    def folder(self) -> Path:
        return STARTER if self.source == Source.SHIPPED else Path(settings.HOME_DIR) / "models" / str(self.pk)

    @property
    def unfinished_folder(self) -> Path:
        """Where an import gathers the files."""
        return self.folder.with_name(f".{self.pk}-importing")


class Alias(models.Model):
    """A movable name for a version. ``production`` is what the bare model name means."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=40)
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "name"], name="one_alias_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.model}:{self.name}"


class AliasMove(models.Model):
    """One move of an alias. Versions stand as numbers, which outlive them."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="moves")
    alias = models.CharField(max_length=40)
    before = models.PositiveIntegerField(null=True)
    """The version's number until then; None where there was no such alias."""
    after = models.PositiveIntegerField(null=True)
    """From then on; None where the alias was removed."""
    undo = models.BooleanField(default=False)
    """A roll back: it takes the move before it back."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """None for a model's first version, which nobody had to promote."""
    reason = models.TextField(blank=True)
    refusals: ClassVar[Any] = models.JSONField(default=list)
    """What the gate had against it, where it was moved all the same."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["model", "alias"])]

    def __str__(self) -> str:
        return f"{self.model}:{self.alias} {self.before} to {self.after}"


class UploadStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class HubUpload(Transfer, WorkspaceOwned):
    """A version on its way to a repository of the hub, as somebody confirmed it."""

    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="uploads")
    repository = models.CharField(max_length=200)
    private = models.BooleanField(default=True)
    texts: ClassVar[Any] = models.JSONField(default=dict)
    """The README and the hashes as they were when it was asked for: name -> text."""
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=10, choices=UploadStatus.choices, default=UploadStatus.QUEUED)
    error = models.TextField(blank=True)
    commit = models.CharField(max_length=400, blank=True)
    """Where it can be seen."""

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.version} to {self.repository}"

    @property
    def ended(self) -> bool:
        return self.status not in {UploadStatus.QUEUED, UploadStatus.RUNNING}
