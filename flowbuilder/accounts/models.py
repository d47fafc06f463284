"""People, workspaces, membership and API keys."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flowbuilder.accounts import audit_words
from flowbuilder.accounts.reach import Thing, within


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; signs in with an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    """In which letters are written to them: the one that they read in last. Empty until they signed in."""
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def workspaces(self) -> models.QuerySet[Workspace]:
        return Workspace.objects.filter(memberships__user=self).order_by("name")


class Workspace(models.Model):
    """What a team shares; everything belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """From the most rights to the fewest."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    EDITOR = "editor", _("Editor")
    RUNNER = "runner", _("Runner")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A person's role in a workspace."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        unique_together = [("user", "workspace")]
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} of {self.workspace}"


@dataclass(frozen=True)
class Asker:
    """Who is asking, and as what: every read starts from here."""

    user: User | None
    workspace: Workspace
    role: str
    flow_id: uuid.UUID | None = None
    """Set for who is limited to one flow: by a key, or as its guest."""
    key_id: uuid.UUID | None = None
    """The API key that asks; None for a person in their browser."""
    guest_of: Thing | None = None
    """What a share let them in to, with the right that ``role`` stands for; nothing else is there for them."""
    edits: bool = False
    """Whether a guest's share lets them change the thing by what they ask now."""
    home: Asker | None = field(default=None, compare=False)
    """Of a guest: who they are in their own workspace, where they have one."""

    @property
    def only(self) -> Thing | None:
        """The one thing of the workspace that there is for them; None where there is everything."""
        return self.guest_of or (Thing("flow", self.flow_id) if self.flow_id else None)

    @property
    def can_administer(self) -> bool:
        return self.role in {Role.OWNER, Role.ADMIN} and self.only is None

    @property
    def can_manage(self) -> bool:
        """May do what an editor of the whole workspace may: delete, share and move what is in it."""
        return self.role in {Role.OWNER, Role.ADMIN, Role.EDITOR} and self.only is None

    @property
    def can_edit(self) -> bool:
        return self.can_manage or (
            self.guest_of is not None and self.edits and self.role in {Role.OWNER, Role.ADMIN, Role.EDITOR}
        )

    @property
    def can_run(self) -> bool:
        return self.role != Role.VIEWER


class WorkspaceOwnedQuerySet(models.QuerySet[Any]):
    def visible_to(self, asker: Asker | None) -> WorkspaceOwnedQuerySet:
        """Rows of the asker's workspace; who is limited to one thing sees what that owns and nothing else."""
        if not asker:  # also a lazy object around None
            return self.none()
        rows = self.filter(workspace=asker.workspace)
        return rows if asker.only is None else within(rows, asker.only)


class WorkspaceOwned(models.Model):
    """Base of what belongs to a workspace."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceOwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class Group(WorkspaceOwned):
    """Members under one name, to share something with all of them. Who leaves the workspace leaves its groups."""

    name = models.CharField(max_length=100)
    members = models.ManyToManyField(Membership, related_name="groups", blank=True)

    class Meta:
        ordering = ["name"]
        unique_together = [("workspace", "name")]

    def __str__(self) -> str:
        return self.name


class ApiKeyQuerySet(WorkspaceOwnedQuerySet):
    def live(self) -> ApiKeyQuerySet:
        return self.filter(revoked_at=None)

    def matching(self, plaintext: str) -> ApiKeyQuerySet:
        return self.live().filter(digest=ApiKey.digest_of(plaintext))


class ApiKey(WorkspaceOwned):
    """A key for programs: stored as a SHA-256 digest, shown once, limited to a workspace or one flow.

    The key is 256 random bits, so a plain digest is enough: there is nothing to guess offline.
    """

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.EDITOR)
    flow_id = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def digest_of(plaintext: str) -> str:
        return hashlib.sha256(plaintext.encode()).hexdigest()

    @classmethod
    def issue(
        cls,
        workspace: Workspace,
        created_by: User | None,
        name: str,
        flow: Any = None,
        plaintext: str | None = None,
    ) -> tuple[ApiKey, str]:
        """Make a key and return it with its plaintext, which is stored nowhere."""
        secret = plaintext or f"fb_{secrets.token_urlsafe(32)}"
        key = cls.objects.create(
            workspace=workspace,
            created_by=created_by,
            name=name,
            prefix=secret[:8],
            digest=cls.digest_of(secret),
            flow_id=flow.pk if flow else None,
            role=Role.RUNNER if flow else Role.EDITOR,
        )
        return key, secret

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])

    def asker(self) -> Asker | None:
        """A key may do what its maker still may, at most; None once they have left the workspace."""
        maker = Membership.objects.filter(
            user=self.created_by, user__is_active=True, workspace=self.workspace
        ).first()
        if maker is None:
            return None
        role = max(self.role, maker.role, key=list(Role).index)
        return Asker(
            user=self.created_by, workspace=self.workspace, role=role, flow_id=self.flow_id, key_id=self.pk
        )


class AuditEventQuerySet(WorkspaceOwnedQuerySet):
    """Reads only: what was recorded is neither changed nor removed, but with its workspace."""

    def matching(
        self,
        *,
        action: str = "",
        actor: str = "",
        subject: str = "",
        text: str = "",
        since: date | None = None,
        until: date | None = None,
    ) -> AuditEventQuerySet:
        """``text`` is looked for in all that an event says, also in the words for its action; both days count whole."""
        wanted = {
            "action": action,
            "actor_name": actor,
            "subject__icontains": subject,
            "created_at__date__gte": since,
            "created_at__date__lte": until,
        }
        found = self.filter(**{name: value for name, value in wanted.items() if value})
        for word in text.split():
            # SQLite keeps JSON as it was written, with every letter beyond ASCII as its number.
            told = models.Q(said__icontains=word) | models.Q(said__icontains=json.dumps(word)[1:-1])
            told |= models.Q(action__in=audit_words.actions_saying(word))
            for name in ("action", "actor_name", "subject"):
                told |= models.Q(**{f"{name}__icontains": word})
            found = found.annotate(said=Cast("details", models.TextField())).filter(told)
        return found

    def older_than(self, event: AuditEvent) -> AuditEventQuerySet:
        """What comes after ``event`` in the order of the log, the newest first."""
        same_moment = models.Q(created_at=event.created_at, pk__lt=event.pk)
        return self.filter(models.Q(created_at__lt=event.created_at) | same_moment)

    def update(self, **_: Any) -> int:
        raise TypeError("The audit log is only added to.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit log is only added to.")


class AuditEvent(WorkspaceOwned):
    """Who did what to which thing, and by which door."""

    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=254)
    """Their e-mail address then, which stays when the person goes."""
    key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")
    """The API key that asked in their name; None where they did it in the browser."""
    action = models.CharField(max_length=60)
    """A noun and what became of it: ``alias.moved``."""
    subject = models.CharField(max_length=200)
    """What it was done to, as people name it: ``starter:production``."""
    details: ClassVar[Any] = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["workspace", "-created_at"]),
            models.Index(fields=["workspace", "action"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} {self.subject}"

    @property
    def words(self) -> str:
        """What was done, to be read."""
        return audit_words.words_of(self.action)

    @property
    def told(self) -> list[tuple[str, str]]:
        """The details that say something, to be read."""
        return [
            (audit_words.called(name), "; ".join(map(str, value)) if isinstance(value, list) else str(value))
            for name, value in self.details.items()
            if value not in (None, "", [], {})
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The audit log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit log is only added to.")
