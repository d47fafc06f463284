"""From feedback to a promoted version with the model that ships, over HTTP alone."""

import pytest

from tests.improvement.feedback import give
from tests.installation import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]
QUESTION = "Make a parcel record.\nFields:\n- parcel_id: string\n- status: enum (enum: created, in_transit, delivered)"


@pytest.fixture
def client(live_app):
    with live_app.client() as client:
        yield client


def ended(client, improvement: str) -> dict | None:
    state = client.get(f"/api/improvements/{improvement}").json()
    return state if state["status"] in {"finished", "failed", "cancelled"} else None


def test_from_feedback_to_a_promoted_version(client):
    flow = client.post("/api/flows", json={"name": "Records", "template": "describe-a-record"}).json()
    assert give(client, flow["id"]) >= 30
    plan = client.get(f"/api/flows/{flow['id']}/improvement?recipe=dpo&effort=quick").json()
    assert plan["missing"] == [] and plan["model"] == "starter@1"

    order = {"recipe": "dpo", "effort": "quick"}
    made = client.post(f"/api/flows/{flow['id']}/improvements", json=order)
    assert made.status_code == 202, made.text
    state = wait_until(lambda: ended(client, made.json()["id"]), seconds=400, what="the improvement")
    assert state["status"] == "finished", state
    stages = {stage["node"]: stage for stage in state["stages"]}
    version = stages["choose_1"]["version"]
    assert version.startswith("starter@") and f"{version} against starter@1" in state["reply"]

    promote(client, version, refusals=stages["gate_1"]["refusals"])
    (now,) = [row for row in client.get("/api/models").json() if row["ref"] == version]
    assert now["production"]
    assert asked_model(client, flow["id"]) == version

    assert client.post("/api/models/starter/aliases/production/rollbacks", json={}).status_code == 201
    assert asked_model(client, flow["id"]) == "starter@1"


def promote(client, version: str, refusals: str) -> None:
    """What the gate has something against wants a written reason."""
    place, number = "/api/models/starter/aliases/production", int(version.partition("@")[2])
    answer = client.put(place, json={"number": number})
    if refusals:
        assert answer.status_code == 409 and answer.json()["error"]["code"] == "gate"
        answer = client.put(
            place, json={"number": number, "reason": "Looked at by hand: it is what people want."}
        )
    assert answer.status_code == 200, answer.text


def asked_model(client, flow: str) -> str:
    """The version that answers the flow's question now, as a rating of the answer knows it."""
    run = client.post(f"/api/flows/{flow}/runs", json={"inputs": {"question": QUESTION}}).json()["id"]

    def done() -> dict | None:
        state = client.get(f"/api/runs/{run}").json()
        return state if state["status"] in {"finished", "failed"} else None

    state = wait_until(done, seconds=120, what="the run")
    assert state["status"] == "finished", state
    return client.post(f"/api/runs/{run}/ratings", json={"kind": "thumbs", "up": True}).json()["model"]
