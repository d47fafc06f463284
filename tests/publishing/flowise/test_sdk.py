"""The real ``flowise-sdk`` 1.0.9, unchanged, against a running installation."""

import json
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.installation import Installation
from tests.npm_packages import NODE, unpacked

pytestmark = [pytest.mark.integration]
ASK = "Make a van record.\nFields:\n- van_id: string\n- seats: integer"


@pytest.fixture(scope="module")
def flow(live_app: Installation) -> dict:
    """A live flow that the model streams into, with the door open to keys."""
    with live_app.client() as client:
        made = client.post(
            "/api/flows", json={"name": "Flowise desk", "template": "describe-a-record"}
        ).json()
        publish(client, made)
    return made


def publish(client, flow: dict, **doors) -> None:
    path = f"/api/flows/{flow['id']}"
    client.post(f"{path}/versions", json={}).raise_for_status()
    client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
    client.patch(f"{path}/doors", json={"flowise": True, **doors}).raise_for_status()


@pytest.fixture
def sdk(live_app: Installation, flow):
    """``sdk(question=..., ...)``: what the client's createPrediction gave."""
    folder = unpacked("flowise-sdk", "1.0.9")
    script = Path(__file__).with_name("ask.cjs")

    def ask(key: str | None = None, **asked):
        told = {"baseUrl": live_app.url, "apiKey": live_app.key if key is None else key}
        told["ask"] = {"chatflowId": flow["id"], **asked}
        command = [str(NODE), str(script), str(folder), json.dumps(told)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return json.loads(done.stdout)

    return ask


def test_a_whole_answer(sdk):
    chat = str(uuid.uuid4())
    answer = sdk(question=ASK, chatId=chat)
    assert "van_id" in answer["text"] and answer["json"]["van_id"]
    assert (answer["chatId"], answer["sessionId"], answer["question"]) == (chat, chat, ASK)
    assert answer["chatMessageId"] and answer["executionId"]


def test_a_streamed_answer(sdk):
    events = sdk(question=ASK, streaming=True, chatId="c-1", overrideConfig={"sessionId": "s-1"})
    kinds = [event["event"] for event in events]
    assert kinds[0] == "start" and "agentFlowEvent" not in kinds
    assert kinds.count("token") > 3 and kinds[-2:] == ["metadata", "end"]
    text = "".join(event["data"] for event in events if event["event"] == "token")
    told = {event["event"]: event["data"] for event in events}
    assert json.loads(text)["van_id"]
    assert (told["metadata"]["chatId"], told["metadata"]["sessionId"]) == ("c-1", "s-1")
    assert told["usageMetadata"]["total_tokens"] > 10 and told["end"] == "[DONE]"


def test_a_session_is_the_session_of_the_run(live_app, sdk):
    session = f"customer {uuid.uuid4()}"
    first = sdk(question=ASK, chatId="one", overrideConfig={"sessionId": session})
    second = sdk(question="And again", chatId="two", overrideConfig={"sessionId": session})
    with live_app.client() as client:
        runs = [client.get(f"/api/runs/{answer['executionId']}").json() for answer in (first, second)]
    assert [run["session"] for run in runs] == [session, session]
    assert runs[1]["inputs"]["history"] == [
        {"role": "user", "content": ASK},
        {"role": "assistant", "content": first["text"]},
    ]


def test_what_is_not_let_in_says_why(sdk):
    refused = sdk(key="fb_wrong", question=ASK)
    assert (refused["statusCode"], refused["success"]) == (401, False) and "key" in refused["message"]
    assert sdk(key="", question=ASK)["statusCode"] == 401
    assert sdk(key="", question=ASK, streaming=True) == {"thrown": "HTTP error! status: 401"}
    gone = sdk(chatflowId=str(uuid.uuid4()), question=ASK)
    assert (gone["statusCode"], gone["success"]) == (404, False)


def test_what_cannot_be_taken_is_an_event_of_the_stream(sdk):
    image = {"type": "file", "name": "van.png", "data": "data:image/png;base64,AAAA", "mime": "image/png"}
    events = sdk(question=ASK, streaming=True, uploads=[image])
    assert [event["event"] for event in events] == ["error", "end"] and "van.png" in events[0]["data"]
