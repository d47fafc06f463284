"""What is offered to somebody moves when they take it, and not before."""

import pytest
from django.test import Client

from flowbuilder.accounts.models import AuditEvent, Membership, Role, User, Workspace
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.sharing import offers
from flowbuilder.sharing.models import Offer
from tests.safety.world.named import BACKEND, ECHO


@pytest.fixture
def base(workspace):
    return KnowledgeBase.objects.create(workspace=workspace, name="Protocol")


@pytest.fixture
def grace(db):
    user = User.objects.create_user("grace@example.test", "correct horse battery", name="Grace")
    Membership.objects.create(user=user, workspace=Workspace.objects.create(name="Grace's"), role="owner")
    return user


def browser(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def offered(asker, base, email="grace@example.test"):
    answer = browser(asker.user).post(f"/publishing/transfers/base/{base.pk}/offer/", {"email": email})
    assert answer.status_code == 200
    return Offer.objects.get()


def take(user, offer, workspace):
    return browser(user).post(f"/publishing/offers/{offer.pk}/", {"workspace": str(workspace.pk)})


def test_it_is_taken_into_a_workspace_of_theirs(asker, base, grace):
    offer = offered(asker, base)
    own = grace.memberships.get().workspace
    client = browser(grace)
    page = client.get("/shared/").content.decode()
    assert "Protocol" in page and "Grace&#x27;s" in page
    assert client.get("/shared/news/").content.decode().startswith("1")
    assert client.get(f"/knowledge/{base.pk}/").status_code == 404  # an offer lets nobody look in
    assert take(grace, offer, own).status_code == 302
    base.refresh_from_db()
    assert base.workspace == own and not Offer.objects.exists()
    assert take(grace, offer, own).status_code == 404
    told = AuditEvent.objects.filter(action__startswith="base.moved")
    assert {(event.workspace.name, event.actor.email) for event in told} == {
        ("Depot", "owner@example.test"),
        ("Grace's", "grace@example.test"),
    }
    assert told.get(action="base.moved_away").details["taken_by"] == "grace@example.test"


def test_the_page_reads_alike_whoever_it_is_offered_to(asker, base, grace):
    def shown(email):
        offered(asker, base, email)
        page = browser(asker.user).get(f"/publishing/transfers/base/{base.pk}/").content.decode()
        part = page[page.index("to-somebody") :].partition("</section>")[0]
        return part.partition("<form")[0].replace(email, "who@example.test")

    assert shown(grace.email) == shown("nobody@example.test")
    late = User.objects.create_user("nobody@example.test", "correct horse battery")
    assert offers.offers_to(late) == []  # nobody checked that the address is theirs


@pytest.mark.parametrize("lost", ["withdrawn", "refused", "lowered", "not theirs", "may not write", "used"])
def test_an_offer_that_is_over_moves_nothing(asker, base, grace, teammate, lost):
    offer, own, taker = offered(asker, base), grace.memberships.get().workspace, grace
    expected = 404
    if lost == "withdrawn":
        browser(asker.user).post(f"/publishing/transfers/base/{base.pk}/offer/")
    elif lost == "refused":
        assert browser(teammate).post(f"/publishing/offers/{offer.pk}/refusal/").status_code == 404
        assert browser(grace).post(f"/publishing/offers/{offer.pk}/refusal/").status_code == 302
        assert AuditEvent.objects.filter(action="offer.refused", workspace=asker.workspace).exists()
    elif lost == "lowered":
        Membership.objects.filter(user=asker.user).update(role=Role.RUNNER)
    elif lost == "not theirs":
        taker = teammate
        Membership.objects.create(user=teammate, workspace=own, role=Role.OWNER)
    elif lost == "may not write":
        Membership.objects.filter(user=grace).update(role=Role.VIEWER)
    else:
        node = {"id": "n", "type": "knowledge.retrieve", "settings": {"base": str(base.pk)}}
        graph = {**ECHO, "nodes": [*ECHO["nodes"], node]}
        Flow.objects.create(workspace=asker.workspace, name="Desk", slug="desk", graph=graph)
        expected = 302  # back to the page, which says why
    answer = take(taker, offer, own)
    assert answer.status_code == expected
    if lost == "used":
        assert "“Desk”" in browser_of(answer)
    base.refresh_from_db()
    assert base.workspace == asker.workspace


def browser_of(answer) -> str:
    """The page that a redirect leads to, for the same person."""
    return answer.client.get(answer.url).content.decode()


def test_one_offers_to_somebody_else_in_a_browser(asker, base, teammate):
    path = f"/publishing/transfers/base/{base.pk}/offer/"
    told = browser(asker.user).post(path, {"email": asker.user.email})
    assert told.status_code == 422 and "That is you" in told.content.decode()
    Membership.objects.filter(user=teammate).update(role=Role.RUNNER)
    assert browser(teammate).post(path, {"email": "a@b.example"}).status_code == 403
    assert not Offer.objects.exists()
