"""Where a person is signed in. A session that is ended is nobody's from then on; its sockets close within seconds."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from flowbuilder.accounts.models import User
from flowbuilder.accounts.views import BACKEND


def begin(request: HttpRequest, user: User) -> None:
    """For who has just chosen a password, and is therefore asked for nothing else."""
    login(request, user, backend=BACKEND)
    record_authentication(request, user, method="password")
    UserSession.objects.create_from_request(request)


def of(user: User) -> list[UserSession]:
    """Those that go on, the newest first."""
    return sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.created_at, reverse=True)


def end(user: User, key: int) -> bool:
    found = UserSession.objects.filter(user=user, pk=key).first()
    if found is not None:
        found.end()
    return found is not None


def end_others(user: User, current: str | None) -> None:
    for one in UserSession.objects.filter(user=user).exclude(session_key=current or ""):
        one.end()
