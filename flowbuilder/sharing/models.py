"""A share: which right over which one thing, and whose it is."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts.models import Group, Membership, Role, WorkspaceOwned, WorkspaceOwnedQuerySet
from flowbuilder.accounts.reach import Thing

OPENED = "opened_links"
"""Where a session keeps which links it opened, each with the link's stamp then."""
WRONG_TRIES = 10
LOCKED_FOR = timedelta(minutes=10)
INVITED_FOR = timedelta(days=14)
SHARES = (Role.OWNER, Role.ADMIN, Role.EDITOR)
"""Who may share what is in a workspace."""


class Kind(models.TextChoices):
    FLOW = "flow", _("Flow")
    MODEL = "model", _("Model")
    BASE = "base", _("Knowledge base")


class Right(models.TextChoices):
    """From the most to the fewest."""

    EDIT = "edit", _("Edit")
    RUN = "run", _("Run")
    VIEW = "view", _("View")


ROLES = {Right.EDIT: Role.EDITOR, Right.RUN: Role.RUNNER, Right.VIEW: Role.VIEWER}
"""The role in a workspace that a right over one thing stands for."""


class ShareQuerySet(WorkspaceOwnedQuerySet):
    def of(self, thing: Thing) -> ShareQuerySet:
        return self.filter(kind=thing.kind, thing=thing.id)

    def live(self) -> ShareQuerySet:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))

    def held_by(self, user: Any, session: Mapping[str, Any]) -> ShareQuerySet:
        """Live ones that the person has by themselves or in a group, or by a link that the session opened."""
        opened = session.get(OPENED) or {}
        holder = Q(pk__in=list(opened), digest__isnull=False)
        if user.is_authenticated:
            holder |= Q(person=user) | Q(group__members__user=user)
        else:
            holder &= ~Q(right=Right.EDIT)
        return self.live().filter(holder).distinct()

    def pending(self) -> ShareQuerySet:
        """What was sent to an address, and whoever has that address did not open yet."""
        return self.exclude(invitation=None)

    def invited_by(self, token: str) -> ShareQuerySet:
        """What a letter's link opens; it lasts as long as who sent it may share."""
        sharing = Membership.objects.filter(
            user=models.OuterRef("created_by"),
            user__is_active=True,
            workspace=models.OuterRef("workspace"),
            role__in=SHARES,
        )
        asked = self.filter(invitation=Share.digest_of(token), invited_until__gt=timezone.now())
        return asked.filter(models.Exists(sharing))


class Share(WorkspaceOwned):
    """One of ``person``, ``group`` and ``digest`` says whose it is: somebody's, a group's, or whoever's who has the link.

    One that was sent to an address is pending until it is opened there, by its letter's link or by whoever signed in
    with the address already. Until then nobody is told which of the two it is.
    """

    kind = models.CharField(max_length=5, choices=Kind.choices)
    thing = models.UUIDField()
    right = models.CharField(max_length=4, choices=Right.choices, default=Right.VIEW)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="shares"
    )
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="shares")
    email = models.EmailField(blank=True)
    """Where it was sent; empty for members, groups and links."""
    invitation = models.CharField(max_length=64, null=True, unique=True)
    """The digest of the letter's token; None once it was opened."""
    invited_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    """When the letter went out."""
    digest = models.CharField(max_length=64, null=True, unique=True)
    """Of a link's token: 192 random bits, so a plain digest is enough."""
    password = models.CharField(max_length=128, blank=True)
    """Of a link, hashed; empty where it needs none."""
    expires_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)
    """How often a link was opened."""
    used_at = models.DateTimeField(null=True)
    """When it was opened last."""
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["kind", "thing"])]
        constraints = [
            models.UniqueConstraint(fields=["kind", "thing", "person"], name="one_share_a_person"),
            models.UniqueConstraint(fields=["kind", "thing", "group"], name="one_share_a_group"),
            models.UniqueConstraint(
                fields=["kind", "thing", "email"], condition=~Q(email=""), name="one_share_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.right} of {self.kind} {self.thing}"

    @property
    def what(self) -> Thing:
        return Thing(self.kind, self.thing)

    @property
    def whose(self) -> str:
        """In the words of the audit log."""
        if self.is_pending:
            return self.email
        if self.person:
            return str(self.person.email)
        return f"the group '{self.group}'" if self.group else "whoever has the link"

    @property
    def is_link(self) -> bool:
        return self.digest is not None

    @property
    def is_pending(self) -> bool:
        return self.invitation is not None

    @property
    def is_asked_in_vain(self) -> bool:
        """Its letter's link opens nothing any more, until another one is sent."""
        return self.is_pending and (self.invited_until is None or self.invited_until <= timezone.now())

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    def new_token(self) -> str:
        """Of a link: what opens it from now on, kept nowhere."""
        token = secrets.token_urlsafe(24)
        self.digest = self.digest_of(token)
        return token

    def invite(self) -> str:
        """What opens it from a letter from now on, kept nowhere; the one before opens nothing any more."""
        token = secrets.token_urlsafe(32)
        self.invitation = self.digest_of(token)
        self.invited_until, self.sent_at = timezone.now() + INVITED_FOR, None
        return token

    def set_password(self, password: str) -> None:
        self.password = make_password(password) if password else ""

    @property
    def stamp(self) -> str:
        """Another one after each change of token or password, at which the link has to be opened again."""
        return hashlib.sha256(f"{self.digest}:{self.password}".encode()).hexdigest()[:16]

    @property
    def is_locked(self) -> bool:
        lately = self.tried_at is not None and self.tried_at > timezone.now() - LOCKED_FOR
        return lately and self.wrong_tries >= WRONG_TRIES

    def accepts(self, password: str) -> bool:
        """Whether the password is the link's; wrong ones are counted."""
        if not self.password or check_password(password, self.password):
            Share.objects.filter(pk=self.pk).update(wrong_tries=0, tried_at=None)
            return True
        lately = self.tried_at is not None and self.tried_at > timezone.now() - LOCKED_FOR
        tries = models.F("wrong_tries") + 1 if lately else 1
        Share.objects.filter(pk=self.pk).update(wrong_tries=tries, tried_at=timezone.now())
        return False


class Look(models.Model):
    """When a person last looked at what is shared with them: what came since is new."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person} at {self.at}"


class OfferQuerySet(WorkspaceOwnedQuerySet):
    def live(self) -> OfferQuerySet:
        """Those that somebody may still take; each lasts as long as who made it may give the thing away."""
        giving = Membership.objects.filter(
            user=models.OuterRef("created_by"),
            user__is_active=True,
            workspace=models.OuterRef("workspace"),
            role__in=SHARES,
        )
        return self.filter(models.Exists(giving), ends_at__gt=timezone.now())

    def to(self, person: Any, token: str = "") -> OfferQuerySet:
        """Those that they may take: an account made with an address since proves by the letter that it is theirs."""
        theirs = Q(person=person)
        if token:
            theirs |= Q(email=person.email, letter=Share.digest_of(token))
        return self.live().filter(theirs).select_related("workspace", "created_by")


class Offer(WorkspaceOwned):
    """Somebody offers a thing to a person, who takes it into a workspace of theirs or refuses it.

    Whoever offers is not told whether somebody signs in here with the address.
    """

    kind = models.CharField(max_length=5, choices=Kind.choices)
    thing = models.UUIDField()
    email = models.EmailField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="offers"
    )
    """Who signed in with the address when it was made; None where nobody did: they come by the letter's link."""
    letter = models.CharField(max_length=64, null=True, unique=True)
    """The digest of the letter's token."""
    ends_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "thing"], name="one_offer_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing} to {self.email}"

    @property
    def what(self) -> Thing:
        return Thing(self.kind, self.thing)
