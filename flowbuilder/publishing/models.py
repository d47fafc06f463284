"""The ways into a published flow, and what visitors asked through them."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import WorkspaceOwned
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run


class Sources(models.TextChoices):
    """What a visitor sees of the passages that a reply rests on."""

    NONE = "none", _("Nothing")
    NAMES = "names", _("Names of documents")
    QUOTES = "quotes", _("Names, and the passages themselves")


class Via(models.TextChoices):
    PAGE = "page"
    EMBED = "embed"
    FLOWISE = "flowise"


def new_address() -> str:
    """80 random bits: nobody finds a page that they were not given."""
    return secrets.token_hex(10)


class Doors(WorkspaceOwned):
    """Which ways lead to a flow's live version. A flow without a row has the API open and nothing else."""

    flow = models.OneToOneField(Flow, on_delete=models.CASCADE, related_name="doors")
    api = models.BooleanField(default=True)
    """API keys may run it."""
    mcp = models.BooleanField(default=False)
    """It is a tool of the MCP server, for who brings an API key."""
    overrides: ClassVar[Any] = models.JSONField(default=list)
    """``{"node", "setting"}`` of what callers may set otherwise for one run."""
    page = models.BooleanField(default=False)
    """Whoever knows its address may ask it, without signing in."""
    embed = models.BooleanField(default=False)
    """The sites below may show it."""
    flowise = models.BooleanField(default=False)
    """Clients made for Flowise may ask it, by the flow's id."""
    flowise_public = models.BooleanField(default=False)
    """Those need no key."""
    flowise_traces = models.BooleanField(default=False)
    """Without a key they are shown, too, what each node got and gave."""
    flowise_approvals = models.BooleanField(default=False)
    """Without a key they may answer what a run asks people."""
    flowise_files = models.BooleanField(default=False)
    """Without a key they may attach files."""
    flowise_leads = models.BooleanField(default=False)
    """The widget asks visitors how to reach them."""
    flowise_follow_ups = models.BooleanField(default=False)
    """Under a reply stand further example questions."""
    address = models.SlugField(max_length=60, unique=True, default=new_address)
    """The last part of the page's URL. Unguessable until somebody chooses one; a new one closes the old."""
    title = models.CharField(max_length=100, blank=True)
    """Empty is the flow's name."""
    description = models.TextField(max_length=1000, blank=True)
    examples: ClassVar[Any] = models.JSONField(default=list)
    """Questions that a visitor may press."""
    sources = models.CharField(max_length=6, choices=Sources.choices, default=Sources.QUOTES)
    feedback = models.BooleanField(default=True)
    """Visitors may say what they think of a reply."""
    pairs = models.BooleanField(default=False)
    """They may have a second answer written, and say which is better."""
    sites: ClassVar[Any] = models.JSONField(default=list)
    """Origins of pages that may show it, as CSP writes them: ``https://example.com``, ``https://*.example.com``."""
    any_site = models.BooleanField(default=False)
    visitor_rate = models.PositiveSmallIntegerField(default=10)
    """Questions a minute by one visitor."""
    flow_rate = models.PositiveSmallIntegerField(default=120)
    """Questions a minute by all visitors together."""

    def __str__(self) -> str:
        return f"Doors of {self.flow}"

    @classmethod
    def of(cls, flow: Flow) -> Doors:
        """As they stand; not stored where nobody has changed them yet."""
        return cls.objects.filter(flow=flow).first() or cls(flow=flow, workspace=flow.workspace)

    @property
    def shown_title(self) -> str:
        return self.title or self.flow.name

    def is_open(self, via: str) -> bool:
        return self.page if via == Via.PAGE else self.embed


class Turn(WorkspaceOwned):
    """A visitor's question, and the run that answers it."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="turns")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="turn")
    visitor = models.UUIDField()
    """Drawn for each browser; it says nothing of who sits before it."""
    conversation = models.UUIDField()
    via = models.CharField(max_length=7, choices=Via.choices)
    site = models.CharField(max_length=200, blank=True)
    """The origin of the page that showed the widget."""

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["flow", "visitor", "conversation"])]

    def __str__(self) -> str:
        return f"{self.flow}: {self.visitor}"


class Webhook(WorkspaceOwned):
    """The address of a webhook node. It stays the same from version to version, and while the flow is offline."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="webhooks")
    node_id = models.CharField(max_length=80)
    generation = models.PositiveIntegerField(default=1)
    """Counts its tokens: a new one closes the old address."""

    class Meta:
        ordering = ["node_id"]
        constraints = [models.UniqueConstraint(fields=["flow", "node_id"], name="one_webhook_a_node")]

    def __str__(self) -> str:
        return f"{self.flow}: {self.node_id}"


class Schedule(WorkspaceOwned):
    """When a schedule node of the live version runs next."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="schedules")
    node_id = models.CharField(max_length=80)
    cron = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=60)
    next_at = models.DateTimeField(null=True, db_index=True)
    paused = models.BooleanField(default=False)
    last_at = models.DateTimeField(null=True)
    """When the last run was due."""
    last_run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    problem = models.TextField(blank=True)
    """Why the last run could not be started."""
    refused: ClassVar[Any] = models.JSONField(default=list)
    """The last times at which a run was refused, the newest first, see ``triggers.refusals``."""

    class Meta:
        ordering = ["node_id"]
        constraints = [models.UniqueConstraint(fields=["flow", "node_id"], name="one_schedule_a_node")]

    def __str__(self) -> str:
        return f"{self.flow}: {self.node_id}"
