"""The real ``openai`` package, unchanged, against a running installation."""

import openai
import pytest

from tests.installation import Installation

pytestmark = [pytest.mark.integration]


@pytest.fixture(scope="module")
def slug(live_app: Installation):
    """A published flow that the model streams into."""
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Mock bot", "template": "describe-a-record"}).json()
        client.post(f"/api/flows/{flow['id']}/versions", json={}).raise_for_status()
        client.put(f"/api/flows/{flow['id']}/publication", json={"version": 1}).raise_for_status()
    return flow["slug"]


@pytest.fixture
def client(live_app: Installation):
    return openai.OpenAI(base_url=f"{live_app.url}/v1", api_key=live_app.key, max_retries=0)


ASK = [{"role": "user", "content": "Make a van record.\nFields:\n- van_id: string\n- seats: integer"}]


def test_published_flows_are_models(client, slug):
    assert slug in [model.id for model in client.models.list()]
    assert client.models.retrieve(slug).owned_by == "flowbuilder"


def test_a_whole_answer(client, slug):
    answer = client.chat.completions.create(model=slug, messages=ASK)
    assert "van_id" in answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 10


def test_a_streamed_answer(client, slug):
    stream = client.chat.completions.create(
        model=slug, messages=ASK, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert "van_id" in text
    assert chunks[-1].usage.completion_tokens > 0 and chunks[-1].choices == []


def test_an_unknown_model_lists_what_there_is(client, slug):
    with pytest.raises(openai.NotFoundError, match=slug):
        client.chat.completions.create(model="gone", messages=ASK)


def test_a_bad_key(live_app, slug):
    stranger = openai.OpenAI(base_url=f"{live_app.url}/v1", api_key="fb_wrong", max_retries=0)
    with pytest.raises(openai.AuthenticationError):
        stranger.models.list()


def test_no_question(client, slug):
    with pytest.raises(openai.BadRequestError, match="role 'user'"):
        client.chat.completions.create(model=slug, messages=[{"role": "system", "content": "x"}])
