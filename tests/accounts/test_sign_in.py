"""Signing in and out, as a browser does it."""

import pytest

pytestmark = pytest.mark.django_db


def test_sign_in_with_the_right_password(api_client, owner):
    client = api_client()
    answer = client.post("/accounts/sign-in/", {"login": owner.email, "password": "correct horse battery"})
    assert answer.status_code == 302 and answer["Location"] == "/"


def test_a_wrong_password_and_an_unknown_person_read_the_same(api_client, owner):
    pages = [
        api_client().post("/accounts/sign-in/", {"login": email, "password": "wrong wrong wrong"}).content
        for email in (owner.email, "nobody@example.test")
    ]
    assert all(b"not correct" in page for page in pages)


def test_nobody_can_sign_up(api_client, db):
    assert b"by invitation" in api_client().get("/accounts/sign-up/").content


def test_pages_ask_nobody_to_sign_in(api_client, db):
    answer = api_client().get("/")
    assert answer.status_code == 302 and "/accounts/sign-in/" in answer["Location"]
