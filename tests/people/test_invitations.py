"""Inviting and joining: who may, once for each use, and nothing told to who has no invitation."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.core import mail as outbox
from django.db import OperationalError, connection, connections
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent, Membership, User
from flowbuilder.accounts.services import asker_from_user
from flowbuilder.people import invitations, joining, mail, throttle
from flowbuilder.people.models import Invitation

pytestmark = pytest.mark.django_db
ANN = {"name": "Ann", "email": "ann@example.test", "password": "correct horse battery"}


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    monkeypatch.setattr(throttle, "count_try", lambda address: None)


def link(asker, **options):
    return invitations.invite(asker=asker, **{"role": "viewer", **options})


def test_somebody_new_makes_an_account_and_is_in(api_client, asker):
    _, token = link(asker)
    client = api_client()
    assert b"Depot" in client.get(f"/join/{token}/").content
    assert client.post(f"/join/{token}/", ANN).status_code == 302
    ann = User.objects.get(email="ann@example.test")
    assert asker_from_user(ann).role == "viewer" and client.get("/api/flows").status_code == 200
    told = AuditEvent.objects.get(action="member.joined")
    assert told.details == {"role": "viewer", "invited_by": "owner@example.test"}


def test_the_token_is_stored_nowhere(asker):
    invitation, token = link(asker)
    assert token not in str(Invitation.objects.values().get(pk=invitation.pk)) + str(
        list(AuditEvent.objects.values())
    )


def test_somebody_known_joins_and_is_in_the_new_workspace(api_client, asker, stranger):
    _, token = link(asker, role="runner")
    client = api_client(stranger)
    assert b"signed in as stranger@example.test" in client.get(f"/join/{token}/").content
    client.post(f"/join/{token}/")
    assert client.get("/").context["request"].asker.workspace == asker.workspace
    assert stranger.memberships.count() == 2


def test_an_account_that_there_is_is_not_entered_by_a_form(api_client, asker, stranger):
    _, token = link(asker)
    client = api_client()
    answer = client.post(f"/join/{token}/", {**ANN, "email": "Stranger@example.test"})
    assert answer.status_code == 422 and b"sign in to join" in answer.content
    assert "_auth_user_id" not in client.session and stranger.memberships.count() == 1
    assert Invitation.objects.get().uses == 0


def test_an_invitation_by_mail_is_for_its_address(api_client, asker, stranger):
    _, token = link(asker, email="Ann@Example.test")
    assert api_client(stranger).post(f"/join/{token}/").status_code == 403
    client = api_client()
    client.post(f"/join/{token}/", {**ANN, "email": "another@example.test"})
    assert User.objects.filter(email="ann@example.test").exists()
    assert not User.objects.filter(email="another@example.test").exists()


@pytest.mark.parametrize("end", ["used", "revoked", "over", "renewed", "inviter left", "guessed"])
def test_what_is_over_opens_nothing(api_client, asker, owner, teammate, end):
    made, token = link(asker)
    if end == "used":
        api_client().post(f"/join/{token}/", ANN)
    elif end == "revoked":
        invitations.revoke(asker=asker, invitation=made)
    elif end == "over":
        Invitation.objects.update(expires_at=timezone.now())
    elif end == "renewed":
        invitations.renew(asker=asker, invitation=made)
    elif end == "inviter left":
        owner.memberships.all().delete()
    else:
        token = "guessed"
    client = api_client()
    answers = [
        client.get(f"/join/{token}/"),
        client.post(f"/join/{token}/", {**ANN, "email": "b@example.test"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert all(b"used, revoked or over" in answer.content for answer in answers)
    assert not User.objects.filter(email="b@example.test").exists()


def test_who_is_a_member_already_uses_nothing_up(asker, teammate):
    _, token = link(asker)
    member = joining.accept(token=token, user=teammate)
    assert member.role == "editor" and Invitation.objects.get().uses == 0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"role": "owner"}, "choose one of admin, editor"),
        ({"days": 0}, "1 to 90 days"),
        ({"uses": 5000}, "1 to 1000 times"),
        ({"email": "nobody"}, "no e-mail address"),
        ({"email": f"a@{'ä' * 60}.org"}, "no e-mail address"),
    ],
)
def test_what_cannot_be_offered_is_named(asker, wrong, told):
    with pytest.raises(ApiError, match=told):
        link(asker, **wrong)


def test_editors_invite_nobody(teammate):
    with pytest.raises(ApiError, match="owner and admins"):
        link(asker_from_user(teammate))


def test_with_a_mail_server_a_letter_goes_out_in_one_line_of_subject(api_client, owner, asker):
    asker.workspace.name = "Depot\nBcc: all@example.test"
    asker.workspace.save()
    body = {"role": "viewer", "email": "ann@example.test"}
    answer = api_client(owner).post("/api/invitations", body, content_type="application/json").json()
    letter = outbox.outbox[0]
    assert answer["sent"] and answer["link"] in letter.body and letter.to == ["ann@example.test"]
    assert letter.subject == "Join Depot Bcc: all@example.test on Flowbuilder"


def test_without_one_the_page_says_so_and_shows_the_link(api_client, owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    form = {"role": "viewer", "email": "ann@example.test", "days": 7, "uses": 1}
    page = api_client(owner).post("/members/invitations/", form).content.decode()
    assert "No mail server is set up" in page and "/join/" in page and "No letter was sent" in page


def test_a_server_that_does_not_answer_is_no_error(asker, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    made, token = link(asker, email="ann@example.test")
    assert not mail.send(made, "https://example.test/join/x/")


def test_too_many_tries_are_sent_away(api_client, db, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(throttle, "TRIES", 3)
    codes = [api_client().post("/join/guessed/", REMOTE_ADDR="198.51.100.7").status_code for _ in range(5)]
    assert codes == [404, 404, 404, 429, 429]


def insist(work, *about):
    """What ``work`` gives. SQLite in memory, as tests have it, refuses where a file or PostgreSQL would wait."""
    try:
        while True:
            try:
                return work(*about)
            except OperationalError:
                if connection.vendor != "sqlite":
                    raise
    finally:
        connections.close_all()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("uses", [1, 3])
def test_of_fifty_at_the_same_moment_as_many_join_as_were_invited(asker, uses):
    _, token = link(asker, uses=uses)
    people = [User.objects.create_user(f"p{number}@example.test") for number in range(50)]

    def attempt(user: User) -> bool:
        try:
            joining.accept(token=token, user=user)
            return True
        except ApiError:
            return False

    with ThreadPoolExecutor(50 if connection.vendor == "postgresql" else 4) as threads:
        came_in = sum(threads.map(partial(insist, attempt), people))
    assert came_in == uses
    assert Membership.objects.filter(user__in=people).count() == uses == Invitation.objects.get().uses


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_person_fifty_times_is_in_once(asker, stranger):
    _, token = link(asker, uses=50)

    def attempt(_: int) -> int:
        return joining.accept(token=token, user=stranger).pk

    with ThreadPoolExecutor(50 if connection.vendor == "postgresql" else 4) as threads:
        assert len(set(threads.map(partial(insist, attempt), range(50)))) == 1
    assert Invitation.objects.get().uses == 1
