"""Templates that need something first (documents, an API, a host that is allowed, data to learn from), each set up and run."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from flowbuilder.flows.gallery import template
from tests.flows.neighbours import neighbours
from tests.installation import Installation, free_port, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.integration]

PROTOCOL = Path(__file__).parents[2] / "examples" / "protocol"
TRAINED_FIRST = "sort-with-your-classifier"
SHORT = {"steps": 2, "batch_size": 2}
ANSWERS = {
    "a-model-from-nothing": r"own",
    "a-record-from-a-served-model": r'^\{"parcel_id": ".*"kg": ',
    "an-agent-served-elsewhere": r"^Hello, you\.$",
    "answer-like-an-api": r'"parcel_id": ',
    "ask-a-database": r"\| P-1 \| 2\.5 \|\n\| P-3 \| 4\.0 \|",
    "ask-an-http-address": r"^delivered$",
    "call-an-api-operation": r"^go: [\{\[]",
    "call-an-mcp-tool": r"^5$",
    "from-feedback-to-a-better-model": r"starter",
    "more-rows-from-a-few": r"starter",
    "one-flow-calls-another": r"^It said: Hello, Ada!$",
    "prefer-the-better-answer": r"starter",
    "read-a-document": r"^# ",
    "read-a-web-page": r"The depot in Graz is open at night",
    "rewards-from-feedback": r"",
    "send-a-mail": r"desk@example\.org",
    "sort-with-your-classifier": r"^\w",
    "teach-by-examples": r"\w",
    "tools-of-an-mcp-server": r"",
    "train-a-classifier": r"",
}


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    folder = tmp_path_factory.mktemp("neighbours")
    with neighbours(folder) as found:
        app = Installation(home=folder / "home", port=free_port(), environment=found.environment)
        app.start()
        yield app, found
        app.stop()


@pytest.fixture(scope="module")
def settings_of(around):
    """What a person would set: template -> node -> settings."""
    app, found = around
    with app.client() as client:
        documents(client)
        operation = an_api(client)
        data(client)
    served = {"base_url": found.model, "model_name": "tiny-chat"}
    return {
        "a-model-from-nothing": {"pretrain_1": {**SHORT_PRETRAINING, "texts": "A parcel is a thing. " * 60}},
        "a-record-from-a-served-model": {"remote_structured_1": served},
        "an-agent-served-elsewhere": {"remote_agent_1": served},
        "ask-an-http-address": {"http_request_1": {"url": f"{found.web}/parcels/{{{{ parcel }}}}"}},
        "call-an-api-operation": {"api_operation_1": {"operation": operation}},
        "call-an-mcp-tool": {"mcp_call_1": {"server": found.mcp}},
        "from-feedback-to-a-better-model": {"preference_1": SHORT},
        "more-rows-from-a-few": {"dataset_1": {"dataset": "rows"}, "sft_1": SHORT},
        "prefer-the-better-answer": {"preference_1": SHORT},
        "read-a-document": {"read_file_1": {"base": "Documents"}},
        "read-a-web-page": {"web_page_1": {"hosts": ["127.0.0.1"]}, "start_1": {"example": f"{found.web}/depots"}},
        "rewards-from-feedback": {"reward_model_1": SHORT},
        "teach-by-examples": {"sft_1": SHORT},
        "tools-of-an-mcp-server": {"mcp_1": {"server": found.mcp}},
        "train-a-classifier": {"classifier_1": SHORT},
    }  # fmt: skip


SHORT_PRETRAINING = {"steps": 2, "vocab_size": 300, "max_length": 64, "batch_tokens": 128, "warmup_steps": 1}


def documents(client) -> None:
    base = client.post("/api/knowledge", json={"name": "Documents"}).raise_for_status().json()
    text = (PROTOCOL / "parcel-protocol.md").read_bytes()[:4000]
    path = f"/api/knowledge/{base['id']}/documents"
    client.post(path, files={"files": ("parcel-protocol.md", text)}).raise_for_status()
    wait_until(lambda: client.get(path).json()[0]["status"] == "ready", seconds=120, what="the document")


def an_api(client) -> str:
    text = (PROTOCOL / "parcel-protocol.openapi.json").read_bytes()
    made = client.post("/api/apis", files={"file": ("deliveries.json", text)}, data={"name": "Deliveries"})
    made.raise_for_status()
    return client.get("/api/operations").json()[0]["ref"]


def data(client) -> None:
    """Rows to learn from, and what people preferred."""
    rows = "\n".join(
        json.dumps({"prompt": f"Say {n}", "completion": f"It is {n}, which is a number."}) for n in range(12)
    )
    dataset = (
        client.post("/api/datasets", json={"name": "rows", "kind": "completion"}).raise_for_status().json()
    )
    client.post(
        f"/api/datasets/{dataset['id']}/import", files={"file": ("rows.jsonl", rows.encode())}
    ).raise_for_status()
    client.post(f"/api/datasets/{dataset['id']}/versions", json={}).raise_for_status()
    hello = client.post("/api/flows", json={"name": "Hello", "template": "hello"}).json()
    for number in range(6):
        run = client.post(
            f"/api/flows/{hello['id']}/runs", json={"inputs": {"question": f"Ann {number}"}}
        ).json()["id"]
        wait_until(
            lambda run=run: client.get(f"/api/runs/{run}").json()["status"] == "finished",
            seconds=60,
            what="a run",
        )
        corrected = {"kind": "correction", "correction": f"Good morning, Ann {number}."}
        client.post(f"/api/runs/{run}/ratings", json=corrected).raise_for_status()


@pytest.fixture(scope="module")
def runs(around, settings_of):
    app, _ = around
    with app.client() as client:
        started = {
            slug: start(client, slug, settings_of.get(slug, {})) for slug in ANSWERS if slug != TRAINED_FIRST
        }
        trained = end_of(client, started["train-a-classifier"], "train-a-classifier")
        model = {"classify_1": {"model": trained["reply"]}}
        yield {**started, TRAINED_FIRST: start(client, TRAINED_FIRST, model)}


def end_of(client, run: str, slug: str) -> dict[str, Any]:
    def ended():
        found = client.get(f"/api/runs/{run}").json()
        return found if found["status"] in {"finished", "failed"} else None

    return wait_until(ended, what=f"the end of '{slug}'", seconds=400)


def start(client, slug: str, settings: dict[str, dict[str, Any]]) -> str:
    found = template(slug)
    graph = copy.deepcopy(found.graph)
    for node in graph["nodes"]:
        node.setdefault("settings", {}).update(settings.get(node["id"], {}))
    flow = client.post("/api/flows", json={"name": found.title, "template": slug}).raise_for_status().json()
    client.put(f"/api/flows/{flow['id']}", json={"graph": graph, "revision": 1}).raise_for_status()
    first = next((node for node in graph["nodes"] if node["type"] == "flow.start"), None)
    inputs = {"question": first["settings"]["example"]} if first else {}
    run = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": inputs})
    assert run.status_code == 202, f"{slug}: {run.text}"
    return run.json()["id"]


@pytest.mark.parametrize("slug", sorted(ANSWERS))
def test_it_answers(around, runs, slug):
    app, found = around
    with app.client() as client:
        run = end_of(client, runs[slug], slug)
    assert run["status"] == "finished", run["error"]
    assert re.search(ANSWERS[slug], run["reply"], re.DOTALL), json.dumps(run["reply"])
    if slug == "send-a-mail":
        assert found.letters == ["News of today"]
