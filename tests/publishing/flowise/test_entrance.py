"""Who may come in by the Flowise-compatible door, and from which pages."""

import uuid

import pytest

from flowbuilder.accounts.models import ApiKey
from flowbuilder.flows import publication
from flowbuilder.publishing import doors as ways_in
from flowbuilder.runs.models import Run
from tests.publishing.flowise.conftest import SITE, Calls

pytestmark = pytest.mark.django_db
ASK = {"question": "Ann"}
STREAM = {"question": "Ann", "streaming": True}


def test_a_flow_s_door_is_closed_until_it_is_opened(asker, live_flow, key):
    calls = Calls(str(live_flow.pk), key=key)
    answer = calls.post("prediction", ASK)
    assert answer.status_code == 404
    assert answer.json() == {
        "statusCode": 404,
        "success": False,
        "message": f"Chatflow {live_flow.pk} not found",
    }
    ways_in.change(asker=asker, flow=live_flow, flowise=True)
    assert calls.get("public-chatbotConfig").status_code == 200
    publication.set_publication(asker=asker, flow=live_flow, number=None)
    assert calls.get("public-chatbotConfig").status_code == 404


@pytest.mark.parametrize("wrong", ["x", "' OR 1=1", "00000000-0000-4000-8000-000000000000"])
def test_an_id_that_is_none(opened, key, wrong):
    assert Calls(wrong, key=key).post("prediction", ASK).status_code == 404


def test_without_a_key_only_where_the_owner_opened_it_so(asker, opened, public):
    assert public.get("public-chatbotConfig").status_code == 200
    ways_in.change(asker=asker, flow=opened.flow, flowise_public=False)
    refused = public.post("prediction", ASK)
    assert refused.status_code == 401 and refused.json()["message"].startswith("Send an API key")
    assert public.get("chatflows-streaming").json() == {"isStreaming": True}  # the SDK asks without its key
    assert not Run.objects.exists()


def test_the_door_of_the_api_is_another(asker, opened, program, answers):
    ways_in.change(asker=asker, flow=opened.flow, api=False)
    assert program.post("prediction", ASK).json()["text"] == "Hello, Ann!"
    assert Run.objects.get().origin == {"kind": "flowise"}


def test_keys_of_others_and_revoked_ones(opened, key, stranger_s_key):
    assert Calls(str(opened.flow_id), key=stranger_s_key).post("prediction", ASK).status_code == 404
    ApiKey.objects.get(digest=ApiKey.digest_of(key)).revoke()
    assert Calls(str(opened.flow_id), key=key).post("prediction", ASK).status_code == 401


@pytest.fixture
def stranger_s_key(db) -> str:
    from flowbuilder.accounts.services import create_owner

    stranger = create_owner(email="stranger@example.test", password="correct horse battery")
    return ApiKey.issue(stranger.workspace, stranger.user, "theirs")[1]


def test_what_the_widget_shows_as_it_stands_is_plain_text(asker, opened, public, redis_server):
    ways_in.change(asker=asker, flow=opened.flow, flowise_public=False)
    refused = public.post("prediction", STREAM)
    assert (refused.status_code, refused["Content-Type"]) == (401, "text/plain; charset=utf-8")
    assert refused.content.decode() == "Send an API key as 'Authorization: Bearer fb_...'."
    ways_in.change(asker=asker, flow=opened.flow, flowise_public=True, visitor_rate=1)
    asked = {**STREAM, "chatId": str(uuid.uuid4())}
    public.post("prediction", asked)
    slower = public.post("prediction", asked)
    assert slower.status_code == 429 and int(slower["Retry-After"]) > 0
    assert slower.content.decode().startswith("You ask faster than this page allows.")


def test_only_listed_sites_may_ask_and_read(opened):
    listed, other = (Calls(str(opened.flow_id), origin=site) for site in (SITE, "https://evil.example"))
    answer = listed.get("public-chatbotConfig")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, SITE)
    assert "Origin" in answer["Vary"] and "Access-Control-Allow-Credentials" not in answer
    for refused in (other.get("public-chatbotConfig"), other.post("prediction", ASK)):
        assert refused.status_code == 403 and "Access-Control-Allow-Origin" not in refused
    assert not Run.objects.exists()


@pytest.mark.parametrize("what", ["prediction", "chatflows-streaming", "public-chatbotConfig", "feedback"])
def test_a_preflight_answers_for_the_flow_in_the_address(opened, what):
    flow = str(opened.flow_id)
    let_in = Calls(flow, origin=SITE).preflight(what)
    assert (let_in.status_code, let_in["Access-Control-Allow-Origin"]) == (204, SITE)
    assert let_in["Access-Control-Allow-Headers"] == "content-type"
    assert "PUT" in let_in["Access-Control-Allow-Methods"]
    for refused in (
        Calls(flow, origin="https://evil.example").preflight(what),
        Calls(str(uuid.uuid4()), origin=SITE).preflight(what),
    ):
        assert "Access-Control-Allow-Origin" not in refused


def test_a_preflight_of_an_address_without_a_flow(opened):
    assert Calls("", origin=SITE).preflight("leads/")["Access-Control-Allow-Origin"] == SITE
    refused = Calls("", origin="https://evil.example").preflight("leads/")
    assert "Access-Control-Allow-Origin" not in refused


def test_a_session_of_the_browser_opens_nothing(asker, opened):
    ways_in.change(asker=asker, flow=opened.flow, flowise_public=False)
    calls = Calls(str(opened.flow_id))
    calls.client.force_login(asker.user)
    assert calls.post("prediction", ASK).status_code == 401


def test_what_the_public_names_is_no_session_of_somebody_else(opened, public, program, answers):
    for calls in (public, program):
        calls.post("prediction", {**ASK, "chatId": "c", "overrideConfig": {"sessionId": "visitor:1"}})
    assert set(Run.objects.values_list("session", flat=True)) == {"flowise:visitor:1", "visitor:1"}
    assert [run.inputs["history"] for run in Run.objects.all()] == [[], []]


def test_the_document_of_our_own_api_does_not_list_it(client):
    from flowbuilder.api import api

    assert not any("/v1/" in path for path in api.get_openapi_schema()["paths"])
