"""Signing in by OpenID Connect, against a provider on this machine: who is let in, and as what."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.mfa.models import Authenticator

from flowbuilder.accounts.models import AuditEvent, Membership, User
from flowbuilder.identity_providers import origins, providers
from flowbuilder.people import invitations
from tests.people.identity_provider import CLIENT, SECRET, IdentityProvider

pytestmark = pytest.mark.django_db
ANN = {"sub": "ann-1", "email": "Ann@Example.test", "email_verified": True, "name": "Ann Lee"}


@pytest.fixture(scope="module")
def running():
    provider = IdentityProvider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    written = {"name": "Staff", "server_url": running.url, "client_id": CLIENT, "secret": SECRET}
    settings.SOCIALACCOUNT_PROVIDERS = providers({"staff": written}, {})
    settings.FLOWBUILDER_OUTBOUND_HOSTS = ["127.0.0.1"]
    running.person = dict(ANN)
    return running


def sign_in(client):
    """As a browser does: from our form to the provider, and back with what it says."""
    sent = client.post("/accounts/oidc/staff/sign-in/")
    assert sent.status_code == 302, sent.content
    back = httpx.get(sent["Location"])
    parts = urlsplit(back.headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return client.get(parts.path, asked)


def test_the_page_offers_it_where_it_is_set_up(api_client, provider):
    assert b"Sign in with Staff" in api_client().get("/accounts/sign-in/").content


def test_nothing_is_offered_by_default(api_client, db):
    assert b"/accounts/oidc/" not in api_client().get("/accounts/sign-in/").content


def test_who_is_invited_by_mail_joins(api_client, asker, provider):
    invitations.invite(asker=asker, role="runner", email="ann@example.test")
    client = api_client()
    assert sign_in(client).status_code == 302
    ann = User.objects.get(email="ann@example.test")
    assert (ann.name, ann.has_usable_password()) == ("Ann Lee", False)
    assert ann.memberships.get().role == "runner" and client.get("/api/flows").status_code == 200
    assert provider.asked[-1]["code_verifier"], "PKCE"


def test_who_is_of_a_listed_domain_joins_with_its_role(api_client, asker, provider, settings):
    settings.FLOWBUILDER_SSO_DOMAINS = {"example.test": {"workspace": "Depot", "role": "viewer"}}
    sign_in(api_client())
    assert Membership.objects.get(user__email="ann@example.test").role == "viewer"
    assert AuditEvent.objects.get(action="member.joined").details["domain"] == "example.test"


def test_nobody_else_gets_in(api_client, asker, provider):
    answer = sign_in(api_client())
    assert b"by invitation" in answer.content and not User.objects.filter(name="Ann Lee").exists()


def test_an_address_that_is_not_verified_counts_for_nothing(api_client, asker, provider):
    invitations.invite(asker=asker, role="admin", email="ann@example.test")
    provider.person["email_verified"] = False
    assert sign_in(api_client()).status_code == 403
    assert not User.objects.filter(email="ann@example.test").exists()


def test_somebody_known_signs_in_and_no_old_password_of_theirs_does(api_client, owner, provider):
    """Whoever made an account with the address of somebody else must not share it with them."""
    provider.person["email"] = owner.email
    Authenticator.objects.create(user=owner, type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    client = api_client()
    sign_in(client)
    assert not Authenticator.objects.exists()
    assert client.session["_auth_user_id"] == str(owner.pk)
    owner.refresh_from_db()
    assert not owner.has_usable_password()


def test_a_provider_inside_is_asked_only_where_it_is_listed(api_client, provider, settings):
    settings.FLOWBUILDER_OUTBOUND_HOSTS = []
    answer = api_client().post("/accounts/oidc/staff/sign-in/")
    assert answer.status_code == 502 and b"You were not signed in" in answer.content


def test_forms_may_lead_to_the_providers_and_nowhere_else():
    oidc = {"a": {"server_url": "https://id.example.com/realms/a"}}
    saml = {"b": {"sso_url": "https://saml.example.com/sso", "origins": ["https://login.example.com"]}}
    assert origins(oidc, saml) == [
        "https://id.example.com",
        "https://login.example.com",
        "https://saml.example.com",
    ]
    assert origins({}, {}) == []


def test_saml_is_written_as_allauth_reads_it():
    written = {"entity_id": "urn:idp", "sso_url": "https://saml.example.com/sso", "certificate": "MII"}
    (app,) = providers({}, {"staff": written})["saml"]["APPS"]
    assert app["provider_id"] == app["settings"]["idp"]["entity_id"] == "urn:idp"
    assert app["settings"]["advanced"]["want_assertion_signed"]
