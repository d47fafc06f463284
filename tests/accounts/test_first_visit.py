"""The set-up page: works once, for who has the link, and never again."""

import pytest
from django.core.management import CommandError, call_command

from flowbuilder.accounts import views
from flowbuilder.accounts.first_visit import setup_token
from flowbuilder.accounts.models import ApiKey, User
from flowbuilder.accounts.services import asker_from_key

pytestmark = pytest.mark.django_db
FILLED = {
    "name": "Ann",
    "email": "ann@example.test",
    "password": "correct horse battery",
    "workspace_name": "Depot",
}


def test_the_link_makes_owner_and_workspace_and_signs_in(api_client):
    client = api_client()
    path = f"/accounts/setup/{setup_token()}/"
    assert b"Create my workspace" in client.get(path).content
    assert client.post(path, FILLED).status_code == 302
    user = User.objects.get(email="ann@example.test")
    assert user.memberships.get().role == "owner"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_link_works_once(api_client):
    path = f"/accounts/setup/{setup_token()}/"
    api_client().post(path, FILLED)
    assert api_client().get(path).status_code == 404
    assert setup_token() is None


def test_of_two_at_the_same_moment_one_makes_the_owner(api_client, monkeypatch):
    path = f"/accounts/setup/{setup_token()}/"
    # Both have passed this check before either has made the owner.
    monkeypatch.setattr(views, "is_setup_token", lambda token: True)
    answers = [
        api_client().post(path, {**FILLED, "email": f"{name}@example.test"}) for name in ("ann", "bob")
    ]
    assert [answer.status_code for answer in answers] == [302, 404]
    assert User.objects.count() == 1


def test_a_guessed_link_is_not_there(api_client):
    setup_token()
    assert api_client().get("/accounts/setup/guess/").status_code == 404


def test_a_weak_password_is_refused_with_a_reason(api_client):
    answer = api_client().post(f"/accounts/setup/{setup_token()}/", {**FILLED, "password": "short"})
    assert b"at least 10 characters" in answer.content
    assert not User.objects.exists()


def test_bootstrap_makes_the_owner_and_key_of_the_environment_once(monkeypatch):
    monkeypatch.setenv("FLOWBUILDER_OWNER_EMAIL", "boss@example.test")
    monkeypatch.setenv("FLOWBUILDER_OWNER_PASSWORD", "correct horse battery")
    monkeypatch.setenv("FLOWBUILDER_API_KEY", "fb_from_the_environment_0123")
    call_command("bootstrap")
    call_command("bootstrap")
    assert User.objects.count() == 1 and ApiKey.objects.count() == 1
    assert asker_from_key("fb_from_the_environment_0123").user.email == "boss@example.test"


def test_bootstrap_refuses_half_an_owner(monkeypatch):
    monkeypatch.setenv("FLOWBUILDER_OWNER_EMAIL", "boss@example.test")
    with pytest.raises(CommandError, match="FLOWBUILDER_OWNER_PASSWORD"):
        call_command("bootstrap")


def test_who_comes_without_the_link_is_told_of_it(api_client):
    hint = 'data-testid="nobody-yet"'
    assert hint in api_client().get("/accounts/sign-in/").content.decode()
    User.objects.create_user(email="ada@example.com", password="a-long-passphrase-1", name="Ada")
    assert hint not in api_client().get("/accounts/sign-in/").content.decode()
