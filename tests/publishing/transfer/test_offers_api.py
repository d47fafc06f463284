"""Offers over HTTP, and the letter that tells of one."""

import re

import pytest
from django.core import mail
from django.test import Client

from flowbuilder.accounts.models import ApiKey, AuditEvent, Membership, Role, User, Workspace
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.sharing.models import Offer
from tests.safety.world.named import BACKEND

JSON = "application/json"


@pytest.fixture
def base(workspace):
    return KnowledgeBase.objects.create(workspace=workspace, name="Protocol")


@pytest.fixture
def grace(db):
    user = User.objects.create_user("grace@example.test", "correct horse battery", name="Grace")
    Membership.objects.create(user=user, workspace=Workspace.objects.create(name="Grace's"), role="owner")
    return user


def browser(user, **headers) -> Client:
    client = Client(headers=headers)
    client.force_login(user, backend=BACKEND)
    return client


def send(client, base, email="grace@example.test"):
    return client.post(f"/api/transfers/base/{base.pk}/offer", {"email": email}, content_type=JSON)


def own(user) -> str:
    return str(user.memberships.get().workspace_id)


def test_it_is_made_listed_on_both_sides_and_taken(asker, base, grace):
    giver, taker = browser(asker.user), browser(grace)
    told = send(giver, base, " Grace@Example.test")
    assert told.status_code == 201 and told.json()["to"] == "grace@example.test" and told.json()["sent"]
    (made,) = giver.get("/api/offers").json()["made"]
    assert (made["name"], made["thing"], made["to"]) == ("Protocol", str(base.pk), "grace@example.test")
    told = taker.get("/api/offers").json()
    (received,) = told["received"]
    assert (received["name"], received["workspace"], told["made"]) == ("Protocol", "Depot", [])

    path = f"/api/offers/{received['id']}/acceptance"
    answer = taker.post(path, {"workspace": own(grace)}, content_type=JSON)
    assert answer.json() == {"kind": "base", "id": str(base.pk), "name": "Protocol", "workspace": "Grace's"}
    base.refresh_from_db()
    assert str(base.workspace_id) == own(grace)
    assert taker.post(path, {"workspace": own(grace)}, content_type=JSON).status_code == 404
    assert giver.get("/api/offers").json() == taker.get("/api/offers").json() == {"made": [], "received": []}
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"offer.made", "base.moved_away", "base.moved_here"} <= actions


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_it_is_over_when_either_side_says_so(asker, base, grace, how):
    giver, taker = browser(asker.user), browser(grace)
    one = send(giver, base).json()["id"]
    over = {
        "refused": lambda: taker.post(f"/api/offers/{one}/refusal", {}, content_type=JSON),
        "withdrawn": lambda: giver.delete(f"/api/transfers/base/{base.pk}/offer"),
    }[how]
    assert over().status_code == 204
    assert AuditEvent.objects.filter(action=f"offer.{how}", workspace=asker.workspace).count() == 1
    taken = taker.post(f"/api/offers/{one}/acceptance", {"workspace": own(grace)}, content_type=JSON)
    assert taken.status_code == 404 and not Offer.objects.exists()
    assert over().status_code == (404 if how == "refused" else 204)
    assert AuditEvent.objects.filter(action=f"offer.{how}").count() == 1


def test_keys_and_who_may_not_share_give_nothing_away(asker, base, grace, teammate):
    one = send(browser(asker.user), base).json()["id"]
    key = Client(headers={"Authorization": f"Bearer {ApiKey.issue(asker.workspace, asker.user, 'robot')[1]}"})
    assert len(key.get("/api/offers").json()["made"]) == 1
    path = f"/api/transfers/base/{base.pk}/offer"
    for refused in (
        send(key, base),
        key.delete(path),
        key.post(f"/api/offers/{one}/acceptance", {"workspace": own(grace)}, content_type=JSON),
        key.post(f"/api/offers/{one}/refusal", {}, content_type=JSON),
    ):
        assert refused.status_code == 403 and "in their browser" in refused.json()["error"]["message"]
    Membership.objects.filter(user=teammate).update(role=Role.RUNNER)
    runner = browser(teammate)
    assert runner.get("/api/offers").json() == {"made": [], "received": []}
    assert send(runner, base).status_code == runner.delete(path).status_code == 403
    assert send(browser(grace), base).status_code == 404
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("email", ["", "grace", "a@b@c.example", f"{'a' * 250}@example.test"])
def test_what_is_no_address_is_refused_by_name(asker, base, email):
    assert send(browser(asker.user), base, email).status_code == 422
    assert not Offer.objects.exists() and not mail.outbox


def test_an_account_made_since_comes_by_the_letter(asker, base, grace):
    link = send(browser(asker.user), base, "ada@example.test").json()["link"]
    path, token = re.search(r"/publishing/offers/letters/([\w-]+)/", link).group(0, 1)
    assert Client().get(path)["Location"].startswith("/accounts/sign-in/")
    ada = User.objects.create_user("ada@example.test", "correct horse battery")
    client = browser(ada)
    one = Offer.objects.get().pk
    refused = {"token": "guess"}
    assert client.post(f"/publishing/offers/{one}/refusal/", refused).status_code == 404
    page = client.get(path).content.decode()
    assert "Protocol" in page and "make a workspace of your own first" in page
    mine = Workspace.objects.create(name="Ada's")
    Membership.objects.create(user=ada, workspace=mine, role=Role.OWNER)
    assert f'name="token" value="{token}"' in client.get(path).content.decode()
    assert browser(grace).get(path).status_code == 404  # for its address alone
    taken = client.post(f"/publishing/offers/{one}/", {"workspace": str(mine.pk), "token": token})
    assert taken.url == f"/knowledge/{base.pk}/"
    assert client.get(path).status_code == 404


def test_the_letter_reads_alike_for_whoever_has_an_account(asker, base, grace):
    def written(email):
        told, letter = send(browser(asker.user), base, email).json(), mail.outbox[-1]
        assert letter.to == [email] and told["link"] in letter.body
        texts = (letter.subject, letter.body, str({**told, "id": "", "ends_at": ""}))
        return [one.replace(told["link"], "").replace(email, "who@example.test") for one in texts]

    assert written(grace.email) == written("nobody@example.test")


def test_the_letter_is_in_its_reader_s_language(asker, base, grace):
    send(browser(asker.user), base)
    signing_in = Client(headers={"accept-language": "zh-CN"})
    login = {"login": grace.email, "password": "correct horse battery"}
    assert signing_in.post("/accounts/sign-in/", login).status_code == 302
    send(browser(asker.user), base)
    signing_in.post("/language/", {"language": "en", "next": "/"})
    send(browser(asker.user, **{"accept-language": "zh-CN"}), base)
    send(browser(asker.user, **{"accept-language": "zh-CN"}), base, "nobody@example.test")
    unknown, chinese, chosen, sender_s = mail.outbox
    for letter in (unknown, chosen):
        assert letter.subject == "“Protocol” is offered to you on Flowbuilder"
        assert 'offers you "Protocol" of "Depot"' in letter.body
    for letter in (chinese, sender_s):
        assert letter.subject == "“Protocol”在 Flowbuilder 上转让给您"
        assert "转让给您" in letter.body and "Without an account" not in letter.body


def test_without_a_mail_server_the_link_is_passed_on(asker, base, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    path = f"/publishing/transfers/base/{base.pk}/offer/"
    answer = browser(asker.user).post(path, {"email": "ada@example.test"})
    page = answer.content.decode()
    assert "No letter was sent" in page and "/publishing/offers/letters/" in page
    assert "no-store" in answer["Cache-Control"]
    shown = browser(asker.user).get(f"/publishing/transfers/base/{base.pk}/").content.decode()
    assert "/publishing/offers/letters/" not in shown
