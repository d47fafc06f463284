"""Invitations, and workspaces that are being deleted."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from flowbuilder.accounts.models import (
    ApiKey,
    Membership,
    Role,
    User,
    Workspace,
    WorkspaceOwned,
    WorkspaceOwnedQuerySet,
)

MOST_DAYS = 90
MOST_USES = 1000


class InvitationQuerySet(WorkspaceOwnedQuerySet):
    def live(self) -> InvitationQuerySet:
        """Those that somebody may still accept; each lasts as long as who made it may invite."""
        inviting = Membership.objects.filter(
            user=models.OuterRef("created_by"),
            user__is_active=True,
            workspace=models.OuterRef("workspace"),
            role__in=[Role.OWNER, Role.ADMIN],
        )
        open_ones = self.filter(
            revoked_at=None, expires_at__gt=timezone.now(), uses__lt=models.F("most_uses")
        )
        return open_ones.filter(models.Exists(inviting))

    def matching(self, token: str) -> InvitationQuerySet:
        return self.live().filter(digest=Invitation.digest_of(token))


class Invitation(WorkspaceOwned):
    """A link by which somebody joins, stored as a digest like a key: 256 random bits leave nothing to guess."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    """Whom it is for; empty for a link that may be passed on."""
    role = models.CharField(max_length=10, choices=Role.choices)
    most_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    """When it went out by mail."""
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email or f"link for {self.role}s"

    digest_of = staticmethod(ApiKey.digest_of)

    def renew(self, days: int) -> str:
        """A new token, which is stored nowhere; the one before it opens nothing from now on."""
        token = secrets.token_urlsafe(32)
        self.digest = self.digest_of(token)
        self.expires_at = in_days(days)
        return token


class Deletion(models.Model):
    """A workspace that is deleted: nobody is in it, and workers take away what is left of it, piece by piece."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, primary_key=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"deletion of {self.workspace}"


class GoneWorkspace(models.Model):
    """What is left of a deleted workspace, whose audit log went with it: told to its owners and admins of then."""

    name = models.CharField(max_length=100)
    by = models.CharField(max_length=254)
    """The e-mail address of who deleted it, then."""
    at = models.DateTimeField(auto_now_add=True)
    people = models.ManyToManyField(User, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)
