"""A bot is made over HTTP, with what it stands on, and by those who may."""

import pytest

from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.models import KnowledgeBase

pytestmark = pytest.mark.django_db
SEED = {
    "name": "Protocol bot",
    "description": "Parses a delivery data centre's protocol and returns mock data.",
}


@pytest.fixture
def ask(api_client, owner):
    client = api_client(owner)
    return lambda path, body: client.post(path, body, content_type="application/json")


def test_a_bot_that_looks_things_up_gets_a_base_of_its_own(ask):
    first, second = ask("/api/bots", SEED).json(), ask("/api/bots", SEED).json()
    assert [first["base"]["name"], second["base"]["name"]] == ["Protocol bot", "Protocol bot 2"]
    assert first["base"]["made"]
    retrieve = next(node for node in first["graph"]["nodes"] if node["type"] == "knowledge.retrieve")
    assert retrieve["settings"]["base"] == first["base"]["id"]
    assert Flow.objects.get(pk=first["id"]).graph == first["graph"]


def test_a_base_is_chosen_among_those_there_are(ask, workspace):
    base = KnowledgeBase.objects.create(workspace=workspace, name="Protocol")
    made = ask("/api/bots", {**SEED, "base": str(base.pk)}).json()
    assert made["base"] == {"id": str(base.pk), "name": "Protocol", "made": False}


def test_a_base_of_others_is_not_there_and_nothing_is_made(ask, stranger):
    theirs = KnowledgeBase.objects.create(workspace=stranger.memberships.get().workspace, name="Theirs")
    assert ask("/api/bots", {**SEED, "base": str(theirs.pk)}).status_code == 404
    assert not Flow.objects.exists()


def test_what_was_understood_can_be_overruled(ask):
    made = ask("/api/bots", {**SEED, "looks_up": False, "answers": "label", "labels": ["a", "b"]}).json()
    assert made["base"] is None and made["understood"]["labels"] == ["a", "b"]
    assert [node["type"] for node in made["graph"]["nodes"]][2] == "language.structured"


def test_an_unknown_model_is_named_and_leaves_no_base(ask):
    answer = ask("/api/bots", {**SEED, "model": "gigantic"})
    assert answer.status_code == 422 and "gigantic" in answer.json()["error"]["message"]
    assert not KnowledgeBase.objects.exists()


def test_understanding_makes_nothing(ask):
    assert ask("/api/bots/understanding", {"description": SEED["description"]}).json()["looks_up"]
    assert not Flow.objects.exists() and not KnowledgeBase.objects.exists()
