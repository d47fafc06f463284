"""A run: the queue of record, its nodes' results, its event log, what it waits for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import ApiKey, WorkspaceOwned
from flowbuilder.engine.graph import LONGEST_PATH
from flowbuilder.flows.models import Environment, Flow, FlowVersion

LONGEST_KEY = LONGEST_PATH + 100


class Status(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Door(models.TextChoices):
    """By which way a run came in."""

    EDITOR = "editor", _("In the editor")
    TEST = "test", _("Test run")
    API = "api", _("HTTP API")
    OPENAI = "openai", _("OpenAI API")
    FLOWISE = "flowise", _("Flowise API")
    MCP = "mcp", _("MCP")
    PAGE = "page", _("Public page")
    WIDGET = "widget", _("Widget")
    WEBHOOK = "webhook", _("Webhook")
    SCHEDULE = "schedule", _("Schedule")


INSIDE = (Door.EDITOR, Door.TEST)
"""Doors of those who build the flow; limits of a flow and its conversations are about the others."""

ENDED = (Status.FINISHED, Status.FAILED, Status.CANCELLED)


class Run(WorkspaceOwned):
    """One run of one graph. Whoever holds the newest ``fence`` may write; every older writer is refused."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(FlowVersion, null=True, on_delete=models.SET_NULL, related_name="+")
    graph = models.JSONField()
    inputs = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=200, null=True)
    session = models.CharField(max_length=200, blank=True)
    """Whose conversation this belongs to, in the caller's words; who is in one session gets one model version."""
    live = models.BooleanField(default=False)
    """It runs what was published when it was accepted: not a draft, not an old version, not a comparison."""
    environment = models.CharField(max_length=10, choices=Environment.choices, default=Environment.DRAFT)
    door = models.CharField(max_length=10, choices=Door.choices, default=Door.EDITOR)
    key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who asked, themselves or by their key."""
    conversation = models.CharField(max_length=200, blank=True)
    """What it is shown with: a visitor's conversation, a session, or the run alone. Empty where people build."""
    draft = models.BooleanField(default=False)
    """Somebody who draws the flow runs it: pins and breakpoints count."""
    part = models.JSONField(default=dict)
    """Of a run of some nodes only: ``asked`` (``{"until": id}``), ``nodes`` that run, ``kept`` outputs by node."""
    origin = models.JSONField(default=dict)
    """How it was started: ``kind`` is person, key, visitor, webhook, schedule, mcp or flowise; a trigger adds its ``node``."""
    caller = models.JSONField(default=dict)
    """Where a program brought tools of its own or a form for the reply: ``node`` that speaks, and what it is told."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    reply = models.TextField(blank=True)
    error = models.TextField(blank=True)
    error_node = models.CharField(max_length=LONGEST_PATH, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    lives = models.PositiveIntegerField(default=0)
    """How many workers have taken it up; bounded, so that a run that kills workers stops."""
    cancel_requested = models.BooleanField(default=False)
    dispatched_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "idempotency_key"], name="one_run_a_key"),
        ]
        indexes = [
            models.Index(fields=["status", "lease_until"]),
            models.Index(fields=["flow", "status"]),
            models.Index(fields=["key", "status"]),
            models.Index(fields=["workspace", "-created_at"]),
            models.Index(fields=["workspace", "flow", "conversation", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.flow}: {self.status}"

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class NodeResult(models.Model):
    """What a finished (or skipped) node gave: committed before its successors start, never written twice."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    node_id = models.CharField(max_length=LONGEST_PATH)
    outputs = models.JSONField(default=dict)

    class Meta:
        unique_together = [("run", "node_id")]


class RunEvent(models.Model):
    """The numbered log; the truth from which every page and stream is rebuilt."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=20)
    node = models.CharField(max_length=LONGEST_PATH, blank=True)
    data = models.JSONField(default=dict)
    at = models.FloatField()

    class Meta:
        unique_together = [("run", "seq")]
        ordering = ["seq"]

    def wire(self) -> dict[str, object]:
        return {"seq": self.seq, "type": self.type, "node": self.node, "at": self.at, "data": self.data}


class Wait(models.Model):
    """What a parked run waits for; resolved once, by its key."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="waits")
    node_id = models.CharField(max_length=LONGEST_PATH)
    key = models.CharField(max_length=LONGEST_KEY, unique=True)
    about = models.JSONField(default=dict)
    answer = models.JSONField(null=True)
    resolved_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    """Then it is answered with ``about["then"]``, where nobody has before; None waits for ever."""
