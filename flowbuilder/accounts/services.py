"""Who is asking: from a session, from an API key, from a socket."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from flowbuilder.accounts.letting_in import Where, at
from flowbuilder.accounts.models import ApiKey, Asker, Membership, Role, User, Workspace

CHOSEN = "workspace"
"""Where a session keeps the id of the workspace that its person looks at."""


def asker_from_user(user: Any, chosen: str | None = None) -> Asker | None:
    """The asker a signed-in person is, in the workspace they chose, else the one they joined first; None for nobody."""
    if not user.is_authenticated:
        return None
    memberships = list(Membership.objects.filter(user=user).select_related("workspace"))
    if not memberships:
        return None
    found = next((one for one in memberships if str(one.workspace_id) == chosen), memberships[0])
    return Asker(user=user, workspace=found.workspace, role=found.role)


def asker_of(request: HttpRequest) -> Asker | None:
    """Who asks by a browser's session, there where they ask."""
    own = asker_from_user(request.user, request.session.get(CHOSEN))
    return at(own, request.user, request.session, Where.of(request))


def asker_from_key(plaintext: str) -> Asker | None:
    """The asker a live API key stands for; None when unknown or revoked."""
    key = ApiKey.objects.matching(plaintext).select_related("workspace", "created_by").first()
    if key is None:
        return None
    now = timezone.now()
    if key.last_used_at is None or (now - key.last_used_at).total_seconds() > 60:
        # To the minute is enough for the list of keys, and spares a write a call.
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key.asker()


def asker_from_session(key: str | None, where: Where | None = None) -> Asker | None:
    """The asker of a session as it is stored now: one that ended, or whose password changed, is nobody's."""
    user, session = stored(key)
    return at(asker_from_user(user, session.get(CHOSEN)), user, session, where or Where())


def stored(key: str | None) -> tuple[Any, Any]:
    """Whose session it is, and what it keeps."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return get_user(request), request.session


def create_owner(*, email: str, password: str, workspace_name: str = "", name: str = "") -> Asker:
    """The first person with their workspace. Calling it again with the same e-mail changes nothing."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name)
            workspace = Workspace.objects.create(name=workspace_name or "My workspace")
            Membership.objects.create(user=user, workspace=workspace, role=Role.OWNER)
    except IntegrityError:
        user = User.objects.get(email=email.lower())
    asker = asker_from_user(user)
    if asker is None:
        raise ValueError(f"{email} exists but belongs to no workspace; add a membership first.")
    return asker
