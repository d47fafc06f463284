"""The page says what was understood, keeps what a person changed, and opens the flow."""

import pytest

from flowbuilder.flows.models import Flow

pytestmark = pytest.mark.django_db
SAID = "Classify messages into billing and delivery."
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_it_says_what_was_understood(api_client, owner):
    page = api_client(owner).get("/bots/new/", {"description": SAID, "read_from": ""}, headers=PARTIAL)
    text = page.content.decode()
    assert "Chooses a label" in text and "billing, delivery" in text and "<h1" not in text


def test_what_the_shipped_model_cannot_do_is_said(api_client, owner):
    client = api_client(owner)
    chat = client.get("/bots/new/", {"description": "Chats.", "read_from": ""}, headers=PARTIAL)
    records = client.get("/bots/new/", {"description": "Makes JSON.", "read_from": ""}, headers=PARTIAL)
    assert "only writes records" in chat.content.decode() and "only writes" not in records.content.decode()


def test_a_choice_that_was_changed_outlives_the_next_word(api_client, owner):
    typed = {
        "description": f"{SAID} Politely.",
        "read_from": SAID,
        "answers": "summary",
        "labels": "billing, delivery",
    }
    text = api_client(owner).get("/bots/new/", typed, headers=PARTIAL).content.decode()
    assert "Summarises" in text


def test_a_choice_that_was_not_changed_follows_the_description(api_client, owner):
    typed = {
        "description": "Summarise messages.",
        "read_from": SAID,
        "answers": "label",
        "labels": "billing, delivery",
    }
    text = api_client(owner).get("/bots/new/", typed, headers=PARTIAL).content.decode()
    assert "Summarises" in text and "billing" not in text.split("placeholder")[0].split("labels")[-1]


def test_it_makes_the_bot_and_opens_it(api_client, owner):
    form = {
        "name": "Mail",
        "description": SAID,
        "read_from": SAID,
        "answers": "label",
        "labels": "billing, delivery",
    }
    answer = api_client(owner).post("/bots/new/", form)
    assert answer.url == f"/flows/{Flow.objects.get().pk}/"


def test_without_a_script_the_description_alone_is_enough(api_client, owner):
    api_client(owner).post("/bots/new/", {"name": "Mail", "description": SAID, "read_from": ""})
    assert [node["type"] for node in Flow.objects.get().graph["nodes"]] == [
        "flow.start",
        "text.prompt",
        "language.structured",
        "flow.reply",
    ]


def test_a_form_with_a_mistake_comes_back(api_client, owner):
    answer = api_client(owner).post("/bots/new/", {"name": "", "description": SAID, "read_from": SAID})
    assert (
        answer.status_code == 422
        and "required" in answer.content.decode()
        and SAID in answer.content.decode()
    )
