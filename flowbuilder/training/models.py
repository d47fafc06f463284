"""Training jobs: the queue of record for what the ``train`` workers do, and what they reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.datasets.models import DatasetVersion
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.runs.models import LONGEST_KEY, Run


class Recipe(models.TextChoices):
    SFT = "sft", "SFT"
    REWARD_MODEL = "reward_model", _("Reward model")
    DPO = "dpo", "DPO"
    KTO = "kto", "KTO"
    ORPO = "orpo", "ORPO"
    GRPO = "grpo", "GRPO"
    RLOO = "rloo", "RLOO"
    PPO = "ppo", "PPO"
    PRETRAIN = "pretrain", _("Pre-training")
    CLASSIFIER = "classifier", _("Text classifier")
    EVALUATE = "evaluate", _("Evaluation")


class JobStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (JobStatus.FINISHED, JobStatus.FAILED, JobStatus.CANCELLED)
GOING_ON = (JobStatus.QUEUED, JobStatus.RUNNING)
STOPPED = (JobStatus.PAUSED, JobStatus.FAILED, JobStatus.CANCELLED)
"""From these a job can go on."""


class Job(WorkspaceOwned):
    """One training. Whoever holds the newest ``fence`` may write."""

    recipe = models.CharField(max_length=20, choices=Recipe.choices)
    base = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="jobs")
    """The version that it starts from; None where it starts from nothing."""
    settings: ClassVar[Any] = models.JSONField(default=dict)
    data: ClassVar[Any] = models.JSONField(default=dict)
    dataset_version = models.ForeignKey(
        DatasetVersion, null=True, on_delete=models.PROTECT, related_name="jobs"
    )
    """What its data came from, where that is known."""
    estimate: ClassVar[Any] = models.JSONField(default=dict)
    """Parameters, bytes and seconds that it needs, as told before it started (``ordering.estimated``)."""
    wait_key = models.CharField(max_length=LONGEST_KEY, unique=True)
    """What a waiting run is resumed by; the same key is the same job."""
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="jobs")
    node_id = models.CharField(max_length=LONGEST_PATH, blank=True)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.QUEUED)
    error = models.TextField(blank=True)
    result = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="made_by")
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(default=timezone.now)
    fence = models.PositiveIntegerField(default=0)
    lives = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    pause_requested = models.BooleanField(default=False)
    priority = models.SmallIntegerField(default=0)
    """Of the waiting jobs the one with the highest goes first."""
    processes = models.PositiveSmallIntegerField(default=1)
    """How many train side by side; ``accelerate`` starts them where it is more than one."""
    report: ClassVar[Any] = models.JSONField(default=dict)
    """What came out beside a version: an evaluation's findings."""
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["status", "lease_until"])]

    def __str__(self) -> str:
        told = {"recipe": self.get_recipe_display(), "base": self.base}
        return gettext("%(recipe)s of %(base)s") % told if self.base else told["recipe"]

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def stopped(self) -> bool:
        return self.status in STOPPED

    @property
    def folder(self) -> Path:
        """Its configuration, checkpoints, log and result."""
        return Path(settings.HOME_DIR) / "jobs" / str(self.pk)


class JobMetric(models.Model):
    """One step's figures; a step that a resumed job repeats replaces the first."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="metrics")
    step = models.PositiveIntegerField()
    values: ClassVar[Any] = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        unique_together = [("job", "step")]
        ordering = ["step"]


class JobSample(models.Model):
    """What the model answered on the way."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="samples")
    step = models.PositiveIntegerField()
    number = models.PositiveSmallIntegerField(default=0)
    """Which of the prompts that are shown: the same number at another step is the same prompt, answered later."""
    prompt = models.TextField()
    answer = models.TextField()
    reward = models.FloatField(null=True)
    """None where nothing judges answers, as in supervised fine-tuning."""

    class Meta:
        unique_together = [("job", "step", "number")]
        ordering = ["-step", "number"]


class JobAlarm(models.Model):
    """What looks wrong in a training: it may go on, and a person should look."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="alarms")
    step = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    """For example ``length_drift``; each kind is told once a job."""
    message = models.TextField()

    class Meta:
        unique_together = [("job", "kind")]
        ordering = ["step"]


class DeviceKind(models.TextChoices):
    GPU = "gpu", "GPU"
    CPU = "cpu", "CPU"


class TrainingDevice(models.Model):
    """What a ``train`` worker can train on: a GPU, or a machine's processor. Leased to one job at a time."""

    uuid = models.CharField(max_length=120, unique=True)
    """The GPU's own, which is the same to every container that sees it; of a processor its host's name."""
    host = models.CharField(max_length=200)
    kind = models.CharField(max_length=3, choices=DeviceKind.choices)
    index = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    memory = models.BigIntegerField()
    """Bytes."""
    flops = models.FloatField(default=0)
    """Floating-point operations a second that a product of matrices reached when it was announced; 0: not known."""
    seen_at = models.DateTimeField(default=timezone.now)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="devices")
    fence = models.PositiveIntegerField(default=0)
    """Of the job's lease under which it was taken: an older one may neither keep nor free it."""
    lease_until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["host", "kind", "index"]

    def __str__(self) -> str:
        return f"{self.name} of {self.host}"
