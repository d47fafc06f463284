"""A second factor by code: switched on after the password, asked for at the next sign-in, kept sealed."""

import re

import pytest
from allauth.mfa.models import Authenticator

from flowbuilder.accounts.models import AuditEvent
from tests.people.totp import code

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def sign_in(client, email):
    return client.post("/accounts/sign-in/", {"login": email, "password": PASSWORD})


@pytest.fixture
def guarded(api_client, owner, settings, django_capture_on_commit_callbacks):
    """The owner has switched it on; the secret, and the recovery codes that were shown."""
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    client = api_client()
    sign_in(client, owner.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/second-factor/app/on/").content.decode()
    secret = re.search(r'data-testid="totp-secret">(\w+)<', page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/second-factor/app/on/", {"code": code(secret)}, follow=True)
    shown = answer.content.decode().partition('data-testid="recovery-codes">')[2].partition("</pre>")[0]
    return secret, shown.split()


def test_the_password_alone_lets_nobody_in(api_client, owner, guarded):
    client = api_client()
    assert sign_in(client, owner.email)["Location"] == "/accounts/second-factor/code/"
    assert client.get("/api/flows").status_code == 401
    assert b"Incorrect code" in client.post("/accounts/second-factor/code/", {"code": "000000"}).content
    assert client.post("/accounts/second-factor/code/", {"code": code(guarded[0], 1)}).status_code == 302
    assert client.get("/api/flows").status_code == 200


def test_a_recovery_code_lets_in_once(api_client, owner, guarded):
    assert len(guarded[1]) == 10
    for works in (True, False):
        client = api_client()
        sign_in(client, owner.email)
        client.post("/accounts/second-factor/code/", {"code": guarded[1][0]})
        assert (client.get("/api/flows").status_code == 200) is works


def test_the_secret_is_sealed_and_recovery_codes_are_shown_once(api_client, owner, guarded):
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert guarded[0] not in stored and not any(one in stored for one in guarded[1])
    client = api_client(owner)
    assert not any(
        one in client.get("/accounts/second-factor/recovery/").content.decode() for one in guarded[1]
    )


def test_it_is_told_in_the_audit_log(api_client, owner, guarded):
    client = api_client()
    sign_in(client, owner.email)
    client.post("/accounts/second-factor/code/", {"code": "000000"})
    client.post("/accounts/second-factor/code/", {"code": code(guarded[0], 1)})
    told = list(AuditEvent.objects.order_by("created_at").values_list("action", "details__by"))
    assert ("second_factor.added", None) in told and ("sign_in.refused", "totp") in told
    assert told[-1] == ("sign_in.done", ["password", "totp"])


def test_whoever_finds_a_page_open_switches_nothing_off(api_client, owner, guarded):
    answer = api_client(owner).get("/accounts/second-factor/app/off/")
    assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
