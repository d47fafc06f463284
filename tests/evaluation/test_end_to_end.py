"""A flow that trains, evaluates and asks the gate; and what the gate then means for promotion, over HTTP."""

import pytest

from tests.installation import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]
FIELDS = "Make a {} record.\nFields:\n- {}_id: string\n- status: enum (enum: delivered, created)"
NOUNS = ("parcel", "pallet", "letter", "van", "order", "crate")
EXAMPLES = "\n".join(f'{{"prompt": "Say {number}.", "completion": "{number}"}}' for number in range(8))
REASON = "It is wanted for the demonstration tomorrow."


@pytest.fixture
def client(live_app):
    with live_app.newcomer().client() as client:
        yield client


def graph() -> dict:
    """Two steps of teaching change little: the new version is no better, and the gate says so."""
    nodes = [
        {
            "id": "teach",
            "type": "training.sft",
            "settings": {"examples": EXAMPLES, "steps": 2, "batch_size": 2},
        },
        {
            "id": "judge",
            "type": "training.evaluate",
            "settings": {
                "prompts": "\n".join(prompt_line(noun) for noun in NOUNS),
                "rewards": [{"kind": "valid_json"}],
                "max_new_tokens": 24,
            },
        },
        {"id": "gate", "type": "training.gate", "settings": {"promote": True}},
        {"id": "reply", "type": "flow.reply", "settings": {}},
    ]
    wires = [
        ("teach", "out", "judge", "after"),
        ("judge", "out", "gate", "report"),
        ("teach", "out", "gate", "after"),
        ("gate", "refused", "reply", "content"),
    ]
    named = ("source", "source_port", "target", "target_port")
    return {
        "nodes": nodes,
        "wires": [{"id": str(n), **dict(zip(named, wire, strict=True))} for n, wire in enumerate(wires)],
    }


def prompt_line(noun: str) -> str:
    prompt = FIELDS.format(noun, noun).replace("\n", "\\n")
    reference = f'{{\\"{noun}_id\\": \\"A-1\\", \\"status\\": \\"created\\"}}'
    return f'{{"prompt": "{prompt}", "reference": "{reference}"}}'


def ended(client, run: str) -> dict | None:
    state = client.get(f"/api/runs/{run}").json()
    return state if state["status"] in {"finished", "failed", "cancelled"} else None


def test_from_a_training_to_the_gate_and_past_it_with_a_reason(client):
    flow = client.post("/api/flows", json={"name": "Teach and judge"}).json()
    asked = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": {}, "graph": graph()})
    assert asked.status_code == 202, asked.text
    run = wait_until(lambda: ended(client, asked.json()["id"]), seconds=240, what="the run's end")
    assert run["status"] == "finished", run
    assert "the win rate by rewards" in run["reply"] and "the number of prompts is 6" in run["reply"]

    (found,) = client.get("/api/evaluations").json()
    assert (found["before"], found["after"], found["status"]) == ("starter@1", "starter@2", "finished")
    told = client.get(f"/api/evaluations/{found['id']}").json()
    figures = {figure["name"]: figure for figure in told["report"]["figures"]}
    assert figures["reward"]["count"] == 6 and figures["TAST"]["count"] == 48
    assert 1 < figures["perplexity"]["before"] != figures["perplexity"]["after"]
    prompts = client.get(f"/api/evaluations/{found['id']}/prompts?show=all").json()
    assert len(prompts) == 6 and prompts[0]["before"]["answer"].startswith("{")
    assert told["verdict"]["passed"] is False

    versions = {row["ref"]: row for row in client.get("/api/models").json()}
    assert versions["starter@1"]["production"] and not versions["starter@2"]["production"]
    refused = client.put("/api/models/starter/aliases/production", json={"number": 2})
    assert refused.status_code == 409
    assert any("win rate" in reason for reason in refused.json()["error"]["details"]["refusals"])
    moved = client.put("/api/models/starter/aliases/production", json={"number": 2, "reason": REASON})
    assert moved.status_code == 200 and moved.json()["production"], moved.text
