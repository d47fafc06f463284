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


@pytest.mark.parametrize(
    ("known", "language", "subject", "said"),
    [
        (True, "en", "A new password for Flowbuilder", "/accounts/reset/key/"),
        (True, "zh-hans", "设置新的 Flowbuilder 密码", "/accounts/reset/key/"),
        (False, "en", "No account on Flowbuilder", "by invitation"),
    ],
)
def test_the_letter_of_a_forgotten_password(api_client, owner, mailoutbox, known, language, subject, said):
    """To an address without an account, too: it says so there and nowhere else, and offers no way to sign up."""
    email = owner.email if known else "nobody@example.test"
    answer = api_client().post("/accounts/reset/", {"email": email}, headers={"Accept-Language": language})
    assert answer.status_code == 302
    (letter,) = mailoutbox
    assert letter.subject == subject and said in letter.body and "sign-up" not in letter.body


def test_without_a_mail_server_the_page_says_where_the_link_is(api_client, db, settings):
    assert b"We send you a link" in api_client().get("/accounts/reset/").content
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "server's log" in api_client().get("/accounts/reset/").content.decode().replace("&#x27;", "'")
