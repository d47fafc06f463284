"""Who is told of a run's end, and every call that is made for it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import User, WorkspaceOwned
from flowbuilder.flows.models import Flow
from flowbuilder.runs.models import Run


class Callback(WorkspaceOwned):
    """An address that is told of runs: of every run of the flow's live version, or of one run alone."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="callbacks")
    run = models.OneToOneField(Run, null=True, on_delete=models.CASCADE, related_name="callback")
    """The one run; None is every live run."""
    url = models.CharField(max_length=2000)
    sealed = models.TextField()
    """The secret that signs, see ``secrets.sealing``; told once, when it was made."""
    active = models.BooleanField(default=True)
    problem = models.CharField(max_length=300, blank=True)
    """Why it was switched off by itself."""
    given_up = models.PositiveSmallIntegerField(default=0)
    """Messages in a row that never arrived."""
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.url

    @property
    def owner(self) -> str:
        """What the sealed secret has to say of whose it is; a flow may move to another workspace with it."""
        return f"callbacks/{self.pk}"


class State(models.TextChoices):
    AWAITED = "awaited", _("Run not ended")
    PENDING = "pending", _("On its way")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")


class Delivery(WorkspaceOwned):
    """One message: its id, its body and its time stay the same however often it is sent."""

    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="deliveries")
    callback = models.ForeignKey(Callback, on_delete=models.CASCADE, related_name="deliveries")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State.choices, default=State.AWAITED)
    event = models.CharField(max_length=20, blank=True)
    body = models.TextField(blank=True)
    """What is sent, to the letter: the signature is over it."""
    due_at = models.DateTimeField(default=timezone.now)
    """When it is sent next; while it is being sent, when somebody else may take it over."""
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["callback", "run"], name="one_delivery_a_run")]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return f"{self.event or 'run'} to {self.callback}"

    @property
    def message_id(self) -> str:
        return f"msg_{self.pk.hex}"


class Attempt(models.Model):
    """One try to deliver."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(auto_now_add=True)
    seconds = models.FloatField()
    status = models.PositiveSmallIntegerField(null=True)
    """Of the answer; None where there was none."""
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.status or self.problem}"
