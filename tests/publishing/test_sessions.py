"""Whose conversation a call of a published flow belongs to."""

import json

import pytest

from flowbuilder.accounts.models import ApiKey
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.openai.asking import Envelope
from flowbuilder.publishing.openai.chat_api import ChatRequest, submit

pytestmark = pytest.mark.django_db
ASK = {"model": "bot", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def flow(workspace) -> Flow:
    graph = {"nodes": [{"id": "start", "type": "flow.start"}], "wires": []}
    flow = Flow.objects.create(workspace=workspace, name="Bot", slug="bot", graph=graph)
    flow.published_version = flow.versions.create(number=1, graph=graph)
    flow.save()
    return flow


@pytest.mark.parametrize(
    ("sent", "header", "session"),
    [
        ({}, "", ""),
        ({"user": "ann"}, "", "ann"),
        ({"user": None, "safety_identifier": None}, "", ""),
        ({"user": "ann", "safety_identifier": "a1"}, "", "a1"),
        ({"user": "ann"}, "tab 7", "tab 7"),
    ],
)
def test_who_calls_says_it_in_openai_s_words_or_in_a_header(asker, flow, sent, header, session):
    run = submit(asker, ChatRequest(**ASK, **sent), Envelope(session=header)).run
    assert (run.session, run.live) == (session, True)


def test_a_name_without_end_is_refused(api_client, asker, flow):
    _, secret = ApiKey.issue(asker.workspace, asker.user, "key")
    headers = {"Authorization": f"Bearer {secret}"}
    body = json.dumps({**ASK, "user": "x" * 201})
    answer = api_client(None).post("/v1/chat/completions", body, "application/json", headers=headers)
    assert answer.status_code == 422 and "user" in answer.json()["error"]["message"]
