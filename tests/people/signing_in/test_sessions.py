"""Where somebody is signed in: a list, and an end that is felt at once."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.utils import timezone

from flowbuilder.accounts.models import AuditEvent, User
from flowbuilder.accounts.services import asker_from_session
from flowbuilder.people.signing_in import sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(api_client, owner):
    def make(browser: str):
        client = api_client()
        told = {"login": owner.email, "password": "correct horse battery"}
        client.post("/accounts/sign-in/", told, headers={"User-Agent": browser})
        return client

    return make


def test_one_is_ended_from_another(signed_in):
    here, there = signed_in("Firefox"), signed_in("Chromium")
    page = here.get("/account/").content.decode()
    assert "Firefox" in page and "Chromium" in page and "This one" in page
    theirs = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(f"/account/sessions/{theirs.pk}/").status_code == 302
    assert asker_from_session(theirs.session_key) is None
    assert there.get("/api/flows").status_code == 401 and here.get("/api/flows").status_code == 200
    assert AuditEvent.objects.filter(action="session.ended").count() == 1


def test_the_list_says_which_is_in_use_and_when_others_were(signed_in, owner):
    here, there = signed_in("Firefox"), signed_in("Chromium")
    key = there.session.session_key
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=3))
    first, second = sessions.of(owner, here.session.session_key)
    assert (first.here, first.now, second.here, second.now) == (True, True, False, False)
    assert "last seen 3" in here.get("/account/").content.decode()
    sessions.seen(key)
    assert [place.now for place in sessions.of(owner, None)] == [True, False], "its page is open"


def test_all_others_are_ended(signed_in):
    here, there, elsewhere = (signed_in(name) for name in "abc")
    here.post("/account/sessions/others/")
    assert [client.get("/api/flows").status_code for client in (here, there, elsewhere)] == [200, 401, 401]


def test_nobody_ends_somebody_else_s(signed_in, api_client, stranger):
    signed_in("Firefox")
    theirs = UserSession.objects.get()
    assert api_client(stranger).post(f"/account/sessions/{theirs.pk}/").status_code == 404
    assert UserSession.objects.exists()


def test_the_address_is_changed_after_the_password_only(signed_in, api_client, owner, stranger):
    assert api_client(owner).get("/account/email/").status_code == 302
    client = signed_in("Firefox")
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    taken = client.post("/account/email/", {"email": stranger.email})
    assert taken.status_code == 422 and b"cannot be used here" in taken.content
    client.post("/account/email/", {"email": "New@Example.test"})
    assert User.objects.get(pk=owner.pk).email == "new@example.test"


def test_signing_in_and_failing_to_is_told(signed_in, api_client, owner):
    signed_in("Firefox").post("/accounts/sign-out/")
    api_client().post("/accounts/sign-in/", {"login": owner.email, "password": "wrong wrong wrong"})
    told = AuditEvent.objects.order_by("created_at").values_list("action", flat=True)
    assert list(told) == ["sign_in.done", "sign_in.ended", "sign_in.refused"]
