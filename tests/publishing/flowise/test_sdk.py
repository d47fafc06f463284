"""The real ``flowise-sdk`` 1.0.9, unchanged, against a running installation."""

import base64
import json
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.installation import Installation, wait_until
from tests.npm_packages import NODE, unpacked
from tests.publishing.drawn import graph, published

pytestmark = [pytest.mark.integration]
GREET = {"id": "prompt", "type": "text.prompt", "settings": {"template": "Hello, {{ said }}!"}}
ASKS = graph(
    {"id": "boss", "type": "flow.approval", "settings": {"question": "Refund?"}}, leaves={"boss": "decision"}
)
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
    # What was said since the last look comes in one piece: how many there are is the machine's affair.
    assert "token" in kinds and kinds[-2:] == ["metadata", "end"]
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


def test_a_decision_in_the_chat_lets_the_run_go_on(live_app, sdk):
    """As a stream, in Flowise's order; and whole."""
    with live_app.client() as client:
        asks = published(client, "Flowise decides", ASKS, flowise=True)["id"]
    events = sdk(chatflowId=asks, question="20 euros", chatId="d-1", streaming=True)
    kinds = [event["event"] for event in events]
    steps = [kind for kind in kinds if kind != "nextAgentFlow"]
    opening, closing = ["agentFlowEvent", "token"], ["agentFlowExecutedData", "agentFlowEvent", "action"]
    assert steps == [*opening, *closing, "metadata", "end"] and "start" not in kinds
    told = {event["event"]: event["data"] for event in events}
    assert (told["token"], told["agentFlowEvent"]) == ("Refund?\n\n20 euros", "STOPPED")
    said = {"type": "proceed", "startNodeId": told["action"]["data"]["nodeId"], "feedback": "It is fair."}
    went_on = sdk(chatflowId=asks, question="", chatId="d-1", streaming=True, humanInput=said)
    after = {event["event"]: event["data"] for event in went_on}
    assert "approved" in after["token"].lower() and "It is fair." in after["token"]
    assert after["agentFlowEvent"] == "FINISHED"
    assert after["metadata"]["executionId"] == told["metadata"]["executionId"]
    assert sdk(chatflowId=asks, question="", chatId="d-1", humanInput=said)["statusCode"] == 404  # decided
    whole = sdk(chatflowId=asks, question="30 euros", chatId="d-2")
    no = {"type": "reject", "startNodeId": whole["action"]["data"]["nodeId"], "feedback": ""}
    assert "refused" in sdk(chatflowId=asks, question="", chatId="d-2", humanInput=no)["text"].lower()


def test_what_is_upserted_is_found_by_the_next_question(live_app, sdk):
    with live_app.client() as client:
        base = client.post("/api/knowledge", json={"name": "Flowise notes"}).json()["id"]
        retrieve = {"id": "find", "type": "knowledge.retrieve", "settings": {"base": base}}
        flow = published(client, "Flowise reads", graph(retrieve), flowise=True)["id"]
        notes = {"files": ("parcels.txt", b"A parcel to Lund weighs at most 31 kilograms.", "text/plain")}
        done = client.post(f"/api/v1/vector/upsert/{flow}", files=notes).json()
        assert (done["numAdded"], done["addedDocs"][0]["metadata"]["source"]) == (1, "parcels.txt")
        again = client.post(f"/api/v1/vector/upsert/{flow}", files=notes).json()
        assert (again["numAdded"], again["numSkipped"]) == (0, 1)
        wrong = client.post(f"/api/v1/vector/upsert/{flow}").json()
        assert (wrong["statusCode"], wrong["success"]) == (422, False) and "'files'" in wrong["message"]

        def indexed() -> bool:
            return all(
                row["status"] == "ready" for row in client.get(f"/api/knowledge/{base}/documents").json()
            )

        wait_until(indexed, seconds=90, what="the document in the index")
    assert "31 kilograms" in sdk(chatflowId=flow, question="How heavy may a parcel to Lund be?")["text"]


def test_what_else_a_question_brings_along(live_app, sdk):
    """Overrides as far as the owner leaves them, files, a history, a contact, a thumb."""
    with live_app.client() as client:
        doors = {
            "flowise": True,
            "flowise_leads": True,
            "overrides": [{"node": "prompt", "setting": "template"}],
        }
        flow = published(client, "Flowise overrides", graph(GREET), **doors)["id"]

        def ask(**asked):
            return sdk(chatflowId=flow, **asked)

        assert ask(question="Ann", overrideConfig={"template": "Bye, {{ said }}!"})["text"] == "Bye, Ann!"
        by_node = {
            "template": {"prompt": "Hej, {{ said }}!", "gone": "x"},
            "systemMessage": "Be rude.",
            "vars": {"a": 1},
        }
        assert ask(question="Ann", overrideConfig=by_node)["text"] == "Hej, Ann!"
        bad = ask(question="Ann", overrideConfig={"template": {"prompt": 5}})
        assert bad["success"] is False and "template" in bad["message"]
        client.patch(f"/api/flows/{flow}/doors", json={"overrides": []}).raise_for_status()
        assert ask(question="Ann", overrideConfig={"template": "Bye!"})["text"] == "Hello, Ann!"

        data = "data:text/plain;base64," + base64.b64encode(b"A parcel.").decode()
        file = {"type": "file", "name": "a.txt", "data": data, "mime": "text/plain"}
        assert (
            ask(question="Why?", uploads=[file])["text"]
            == "Hello, <doc name='a.txt'>A parcel.</doc>\n\nWhy?!"
        )
        for upload in (
            {"type": "audio", "name": "x.webm"},
            {"type": "url", "name": "x", "data": "https://example.com"},
        ):
            refused = ask(question="Why?", uploads=[upload])
            assert refused["statusCode"] == 422 and upload["name"] in refused["message"]

        history = [{"role": "userMessage", "content": "Hi"}, {"role": "apiMessage", "content": "Hello"}]
        said = ask(question="Ann", history=history, chatId="h", leadEmail="ann@example.test")
        run = client.get(f"/api/runs/{said['executionId']}").json()
        assert [row["role"] for row in run["inputs"]["history"]] == ["user", "assistant"]
        assert [row["email"] for row in client.get(f"/api/flows/{flow}/leads").json()] == ["ann@example.test"]
        thumb = {"chatId": "h", "messageId": said["chatMessageId"], "rating": "THUMBS_UP", "content": ""}
        row = client.post(f"/api/v1/feedback/{flow}", json=thumb).json()
        assert (
            client.put(f"/api/v1/feedback/{row['id']}", json={"content": "Fine."}).json()["content"]
            == "Fine."
        )
        assert [each["up"] for each in client.get("/api/ratings", params={"flow": flow}).json()] == [True]
