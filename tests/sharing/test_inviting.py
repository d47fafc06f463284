"""Sharing with an address: a letter, a link in it, and an account that has the thing and nothing else."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from flowbuilder.accounts.models import AuditEvent, Membership, Role, User, Workspace
from flowbuilder.accounts.reach import Thing
from flowbuilder.flows.models import Flow
from flowbuilder.sharing import inviting
from flowbuilder.sharing.models import Right, Share
from tests.safety.world.named import BACKEND, ECHO

NEW = {"name": "Ada", "password": "correct horse battery"}


@pytest.fixture
def flow(workspace):
    return Flow.objects.create(workspace=workspace, name="Desk", slug="desk", graph=ECHO)


@pytest.fixture
def known(db):
    """Somebody of another workspace."""
    user = User.objects.create_user("known@example.test", "correct horse battery", name="Grace")
    Membership.objects.create(user=user, workspace=Workspace.objects.create(name="Elsewhere"), role="owner")
    return user


def browser(user: User | None = None) -> Client:
    client = Client()
    if user:
        client.force_login(user, backend=BACKEND)
    return client


def send(asker, flow, email, right="view"):
    path = f"/api/shares/flow/{flow.pk}"
    body = {"email": email, "right": right}
    return browser(asker.user).post(path, body, content_type="application/json")


def path_of(answer) -> str:
    return str(re.search(r"/opening/[\w-]+/", answer.json()["link"])[0])


def test_whoever_has_no_account_makes_one_and_has_that_alone(asker, flow):
    Flow.objects.create(workspace=asker.workspace, name="Neighbour", slug="neighbour", graph=ECHO)
    told = send(asker, flow, "Ada@example.test", "run")
    assert told.status_code == 201 and told.json()["pending"] and told.json()["sent"]
    (letter,) = mail.outbox
    assert (
        letter.to == ["ada@example.test"] and told.json()["link"] in letter.body and "Desk" in letter.subject
    )

    client = browser()
    assert "ada@example.test" in client.get(path_of(told)).content.decode()
    opened = client.post(path_of(told), {**NEW, "email": "mallory@example.test"})
    assert opened.url == f"/flows/{flow.pk}/"
    ada = User.objects.get(email="ada@example.test")
    assert not ada.memberships.exists()
    assert client.get(opened.url).status_code == 200
    run = client.post(f"/api/flows/{flow.pk}/runs", {"inputs": {}}, content_type="application/json")
    assert run.status_code == 202
    assert "Desk" in client.get("/shared/").content.decode()
    assert "Neighbour" not in client.get("/").content.decode()
    assert client.get("/api/flows").status_code == 401
    assert browser().post(path_of(told), NEW).status_code == 404  # once
    actions = list(AuditEvent.objects.order_by("created_at").values_list("action", "actor_name"))
    assert actions[-2:] == [("share.given", "owner@example.test"), ("share.opened", "ada@example.test")]


def test_the_answer_tells_nobody_who_has_an_account(asker, flow, known):
    def shown(email):
        answer, told = send(asker, flow, email), mail.outbox[-1]
        page = browser(asker.user).get(f"/sharing/flow/{flow.pk}/").content.decode()
        row = page[page.index(email) :].split("</li>")[0]
        plain = {
            key: value
            for key, value in answer.json().items()
            if key not in {"id", "created_at", "invited_until"}
        }
        texts = (str(plain), row, told.subject, told.body)
        inside = [re.sub(r"/opening/[\w-]+/|[0-9a-f-]{36}|value=\"\w{64}\"", "", one) for one in texts]
        return answer.status_code, [one.replace(email, "who@example.test") for one in inside]

    assert shown(known.email) == shown("nobody@example.test")
    threads = browser(asker.user).get(f"/api/flows/{flow.pk}/comments").json()
    assert known.pk not in [person["person"] for person in threads["people"]]


def test_who_has_an_account_has_it_at_once_and_opens_it(asker, flow, known):
    told = send(asker, flow, known.email)
    client = browser(known)
    assert client.get(f"/api/flows/{flow.pk}").status_code == 200
    assert "Desk" in client.get("/shared/").content.decode()
    assert client.post(path_of(told)).url == f"/flows/{flow.pk}/"
    share = Share.objects.get()
    assert share.person == known and not share.is_pending
    assert "Grace" in browser(asker.user).get(f"/sharing/flow/{flow.pk}/").content.decode()


def test_an_account_alone_opens_nothing(asker, flow):
    """Nobody checked that they own the address: the link has to be theirs too."""
    told = send(asker, flow, "ada@example.test")
    ada = User.objects.create_user("ada@example.test", "correct horse battery")
    assert browser(ada).get(f"/api/flows/{flow.pk}").status_code == 401
    assert "Desk" not in browser(ada).get("/shared/").content.decode()
    taken = browser().post(path_of(told), NEW)
    assert taken.status_code == 422 and "cannot be made" in taken.content.decode()
    assert browser(ada).post(path_of(told)).url == f"/flows/{flow.pk}/"


def test_it_is_for_its_address_alone(asker, flow, known):
    told = send(asker, flow, "ada@example.test")
    assert browser(known).post(path_of(told)).status_code == 403
    assert Share.objects.get().is_pending


@pytest.mark.parametrize("lost", ["withdrawn", "over", "sent again", "the sender left", "deleted"])
def test_a_link_that_is_over_makes_no_account(asker, flow, teammate, lost):
    told = send(asker, flow, "ada@example.test")
    share, client = Share.objects.get(), browser(asker.user)
    if lost == "withdrawn":
        client.post(f"/sharing/{share.pk}/end/")
    elif lost == "over":
        Share.objects.update(invited_until=timezone.now() - timedelta(seconds=1))
        assert "not opened in time" in client.get(f"/sharing/flow/{flow.pk}/").content.decode()
    elif lost == "sent again":
        again = client.post(f"/sharing/{share.pk}/invitation/").content.decode()
        assert path_of(told) not in again and "/opening/" in again
    elif lost == "the sender left":
        Share.objects.update(created_by=teammate)
        Membership.objects.filter(user=teammate).update(role=Role.RUNNER)
    else:
        flow.delete()
    assert browser().post(path_of(told), NEW).status_code == 404
    assert not User.objects.filter(email="ada@example.test").exists()


def test_sent_again_it_opens_by_the_new_link(asker, flow):
    send(asker, flow, "ada@example.test")
    share = Share.objects.get()
    again = browser(asker.user).post(f"/api/shares/{share.pk}/invitation")
    assert again.status_code == 201 and len(mail.outbox) == 2
    assert browser().post(path_of(again), NEW).status_code == 302
    assert browser(asker.user).post(f"/api/shares/{share.pk}/invitation").status_code == 409


def test_sharing_again_is_another_letter_and_not_another_share(asker, flow):
    send(asker, flow, "ada@example.test")
    told = send(asker, flow, "ada@example.test", "edit")
    assert told.json()["right"] == "edit" and Share.objects.count() == 1
    assert browser().post(path_of(told), NEW).status_code == 302


def test_who_has_it_already_keeps_the_larger_right(asker, flow, known):
    told = send(asker, flow, "other@example.test", "edit")
    thing = Thing("flow", flow.pk)
    Share.objects.create(
        workspace=asker.workspace, kind=thing.kind, thing=thing.id, person=known, right=Right.VIEW
    )
    User.objects.filter(pk=known.pk).update(email="other@example.test")
    assert browser(known).post(path_of(told)).status_code == 302
    assert Share.objects.get().right == Right.EDIT


def test_there_are_no_more_letters_than_that(asker, flow, monkeypatch):
    monkeypatch.setattr(inviting, "MOST_PENDING", 1)
    assert send(asker, flow, "one@example.test").status_code == 201
    assert send(asker, flow, "two@example.test").status_code == 409
    assert send(asker, flow, "one@example.test").status_code == 201


def test_without_a_mail_server_the_link_is_passed_on(asker, flow, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = browser(asker.user).post(f"/sharing/flow/{flow.pk}/", {"email": "a@b.example", "right": "view"})
    assert "No letter was sent" in page.content.decode() and "/opening/" in page.content.decode()


def test_who_looks_at_what_is_shared_with_them_has_opened_it(asker, flow, known):
    send(asker, flow, known.email)
    browser(known).post("/shared/reading/")
    assert not Share.objects.get().is_pending
    assert AuditEvent.objects.filter(action="share.opened", actor=known).exists()
