"""Where a person is signed in. A session that is ended is nobody's from then on; its sockets close within seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from flowbuilder.accounts.models import User
from flowbuilder.accounts.views import BACKEND
from flowbuilder.people import languages
from flowbuilder.people.signing_in.browsers import Browser, browser_of

TO_THE = timedelta(minutes=1)


def begin(request: HttpRequest, user: User) -> None:
    """For who has just chosen a password, and is therefore asked for nothing else."""
    login(request, user, backend=BACKEND)
    languages.signed_in(user)
    record_authentication(request, user, method="password")
    UserSession.objects.create_from_request(request)


@dataclass(frozen=True)
class Place:
    """A session as its person sees it."""

    pk: int
    browser: Browser
    address: str
    since: datetime
    seen: datetime
    here: bool

    @property
    def now(self) -> bool:
        return self.here or timezone.now() - self.seen < 2 * TO_THE


def of(user: User, current: str | None) -> list[Place]:
    """Those that go on: this one, then by when they were last seen."""
    places = [
        Place(
            one.pk,
            browser_of(one.user_agent),
            one.ip,
            one.created_at,
            one.last_seen_at,
            one.session_key == current,
        )
        for one in UserSession.objects.purge_and_list(user)
    ]
    return sorted(places, key=lambda place: (place.here, place.seen), reverse=True)


def seen(session_key: str | None) -> None:
    """Its page is open. To the minute is enough for the list."""
    now = timezone.now()
    UserSession.objects.filter(session_key=session_key, last_seen_at__lt=now - TO_THE).update(
        last_seen_at=now
    )


def end(user: User, key: int) -> bool:
    found = UserSession.objects.filter(user=user, pk=key).first()
    if found is not None:
        found.end()
    return found is not None


def end_others(user: User, current: str | None) -> None:
    for one in UserSession.objects.filter(user=user).exclude(session_key=current or ""):
        one.end()
