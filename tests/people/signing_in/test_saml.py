"""Signing in by SAML, against a provider on this machine: who is let in, and which answers are refused."""

import base64
from urllib.parse import urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import ImproperlyConfigured

from flowbuilder.accounts.models import AuditEvent, Membership, User
from flowbuilder.identity_providers import origins, providers, with_metadata
from flowbuilder.people import invitations
from flowbuilder.people.signing_in.saml import LARGEST
from tests.people.saml_provider import ANN, MAIL, Asked, Key, SamlProvider

pytestmark = pytest.mark.django_db
HERE = "/accounts/saml/staff"


@pytest.fixture(scope="module")
def running():
    provider = SamlProvider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings, tmp_path):
    (tmp_path / "staff.xml").write_text(running.metadata())
    written = with_metadata({"staff": {"name": "Staff", "metadata": str(tmp_path / "staff.xml")}})
    settings.SOCIALACCOUNT_PROVIDERS = providers({}, written)
    settings.FLOWBUILDER_SSO_DOMAINS = {"example.test": {"workspace": "Depot", "role": "runner"}}
    running.person = dict(ANN)
    return running


def ask(client) -> Asked:
    sent = client.post(f"{HERE}/sign-in/")
    assert sent.status_code == 302, sent.content
    return Asked.of(sent["Location"])


def give(client, form):
    """The answer of our side to what the provider's page posts: kept, and read by the GET that follows."""
    kept = client.post(f"{HERE}/answer/", form)
    assert kept.status_code == 302 and not client.session.get("_auth_user_id"), kept.content
    return client.get(kept["Location"])


def sign_in(client, provider, **other):
    return give(client, provider.answer(ask(client), **other))


def test_the_page_offers_it_and_tells_the_provider_of_this_side(api_client, provider):
    assert b"Sign in with Staff" in api_client().get("/accounts/sign-in/").content
    told = api_client().get(f"{HERE}/metadata/").content.decode()
    assert f"http://testserver{HERE}/answer/" in told and 'WantAssertionsSigned="true"' in told


def test_who_is_of_a_listed_domain_joins_with_its_role(api_client, asker, provider):
    client = api_client()
    assert sign_in(client, provider)["Location"] == "/"
    ann = User.objects.get(email="ann@example.test")
    assert (ann.name, ann.has_usable_password(), ann.memberships.get().role) == ("Ann Lee", False, "runner")
    assert client.get("/api/flows").status_code == 200 and UserSession.objects.get().user == ann
    told = AuditEvent.objects.get(action="sign_in.done", actor=ann)
    assert told.details["by"], "by which provider"


def test_who_comes_again_is_known_also_by_a_name_for_one_visit(api_client, asker, provider):
    for name in ("one", "two"):
        sign_in(api_client(), provider, named="transient", name=name)
    ann = User.objects.get(email="ann@example.test")
    assert ann.socialaccount_set.get().uid == "Ann@Example.test"


def test_who_is_invited_by_mail_joins_and_nobody_else(api_client, asker, provider, settings):
    settings.FLOWBUILDER_SSO_DOMAINS = {}
    refused = sign_in(api_client(), provider)
    assert b"by invitation" in refused.content and not User.objects.filter(name="Ann Lee").exists()
    invitations.invite(asker=asker, role="editor", email="ann@example.test")
    sign_in(api_client(), provider)
    assert Membership.objects.get(user__email="ann@example.test").role == "editor"


def test_somebody_known_signs_in_and_no_old_password_of_theirs_does(api_client, owner, provider):
    provider.person[MAIL] = owner.email
    client = api_client()
    sign_in(client, provider)
    assert client.session["_auth_user_id"] == str(owner.pk)
    owner.refresh_from_db()
    assert not owner.has_usable_password()


def test_an_account_without_an_address_is_refused(api_client, asker, provider):
    provider.person.pop(MAIL)
    assert sign_in(api_client(), provider).status_code == 403


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"tampered": True}, "signature"),
        ({"ends": -600}, "clocks of the two"),
        ({"audience": "https://another.example.com"}, "another application"),
        ({"issuer": "https://another.example.com"}, "another system"),
        ({"status": "Responder"}, "did not sign you in"),
        ({"in_response_to": ""}, "did not confirm"),
        ({"in_response_to": "_of_nobody"}, "not asked for from this browser"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_not_as_it_should_be_is_refused_with_the_reason(api_client, asker, provider, other, said):
    client = api_client()
    answer = sign_in(client, provider, **other)
    assert answer.status_code == 401 and said in answer.content.decode()
    assert client.get("/api/flows").status_code == 401 and not User.objects.exclude(pk=asker.user.pk).exists()


def test_another_key_signs_nobody_in(api_client, asker, provider):
    assert b"signature" in sign_in(api_client(), provider, by=Key()).content


def test_an_assertion_counts_once_and_for_who_asked(api_client, asker, provider):
    client, thief = api_client(), api_client()
    form = provider.answer(ask(client))
    assert give(thief, form).status_code == 401, "it is of another browser's asking"
    assert give(client, form).status_code == 302
    client.logout()
    again = give(client, form)
    assert again.status_code == 401 and b"was used before" in again.content


def test_an_assertion_says_itself_what_it_answers(api_client, asker, provider):
    """One that does not would go with any message: whoever saw it could answer a request of their own with it."""
    client = api_client()
    asked = ask(client)
    assertion = assertion_of(provider.answer(asked, in_response_to=""))
    assert give(client, {"SAMLResponse": provider.response(asked, assertion)}).status_code == 401


def assertion_of(form) -> str:
    text = base64.b64decode(form["SAMLResponse"]).decode()
    return text[text.index("<saml:Assertion") : text.index("</samlp:Response>")]


def test_nothing_is_kept_of_what_is_no_answer(api_client, provider):
    for form in ({}, {"SAMLResponse": "A" * LARGEST}):
        assert api_client().post(f"{HERE}/answer/", form).status_code == 400
    assert api_client().post("/accounts/saml/nobody/answer/", {"SAMLResponse": "AA"}).status_code == 404
    assert api_client().get(f"{HERE}/answer/done/").status_code == 401


@pytest.mark.parametrize(("signed", "by"), [(False, None), (True, Key())], ids=["unsigned", "by another"])
def test_only_the_provider_signs_people_out(api_client, asker, provider, signed, by):
    client = api_client()
    sign_in(client, provider)
    at = f"http://testserver{HERE}/sign-out/"
    refused = client.get(f"{HERE}/sign-out/?{provider.leaving(at, by=by, signed=signed)}")
    assert refused.status_code == 400 and b"still signed in" in refused.content
    assert client.get("/api/flows").status_code == 200
    left = client.get(f"{HERE}/sign-out/?{provider.leaving(at)}")
    assert left["Location"].startswith(f"{provider.url}/left?SAMLResponse=")
    assert client.get("/api/flows").status_code == 401
    assert AuditEvent.objects.filter(action="sign_in.ended").exists()


def test_metadata_that_cannot_be_used_names_the_file_and_the_gap(running, tmp_path):
    file = tmp_path / "staff.xml"
    for text, said in (
        ("<nothing/>", "no entity_id, sso_url, certificate"),
        ("not XML", "no metadata"),
        (running.metadata(Key()), "2 certificates"),
    ):
        file.write_text(text)
        with pytest.raises(ImproperlyConfigured, match=said) as error:
            with_metadata({"staff": {"metadata": str(file)}})
        assert str(file) in str(error.value) and "'staff'" in str(error.value)
    chosen = with_metadata({"staff": {"metadata": str(file), "certificate": running.key.line}})["staff"]
    assert chosen["certificate"] == running.key.line and chosen["slo_url"] == f"{running.url}/left"
    assert origins({}, {"staff": chosen}) == [f"http://{urlsplit(running.url).netloc}"]
