"""A run through everything that is real: web, database, Redis, a Celery worker."""

import json
import re

import pytest

from tests.installation import Installation

pytestmark = [pytest.mark.integration]


@pytest.fixture
def client(live_app: Installation):
    with live_app.client() as client:
        yield client


@pytest.fixture
def flow(client):
    answer = client.post("/api/flows", json={"name": "Hello", "template": "hello"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def read_events(client, run, after=0):
    headers = {"Last-Event-ID": str(after)}
    with client.stream("GET", f"/api/runs/{run['id']}/events", headers=headers) as answer:
        return [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: ")]


def test_a_run_streams_and_ends_with_its_reply(client, flow):
    run = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": {"question": "Ann"}}).json()
    events = read_events(client, run)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["type"] == "run.finished" and events[-1]["data"] == {"reply": "Hello, Ann!"}
    assert client.get(f"/api/runs/{run['id']}").json()["reply"] == "Hello, Ann!"


def test_a_reader_that_comes_back_gets_the_rest(client, flow):
    run = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": {"question": "Ann"}}).json()
    whole = read_events(client, run)
    assert read_events(client, run, after=3) == whole[3:]


def test_the_same_key_gives_the_same_run(client, flow):
    answers = [
        client.post(
            f"/api/flows/{flow['id']}/runs",
            json={"inputs": {"question": "x"}},
            headers={"Idempotency-Key": "k1"},
        )
        for _ in range(5)
    ]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_published_version_does_not_follow_the_draft(client, flow):
    assert client.post(f"/api/flows/{flow['id']}/versions", json={"note": "first"}).json()["number"] == 1
    graph = flow["graph"]
    graph["nodes"][1]["settings"]["template"] = "Goodbye, {{ name }}!"
    client.put(
        f"/api/flows/{flow['id']}", json={"graph": graph, "revision": flow["revision"]}
    ).raise_for_status()
    run = client.post(
        f"/api/flows/{flow['id']}/runs", json={"inputs": {"question": "Ann"}, "version": 1}
    ).json()
    assert read_events(client, run)[-1]["data"]["reply"] == "Hello, Ann!"


def test_health_names_every_part(client):
    assert client.get("/healthz").text.count(": ok") == 6


def test_the_shipped_model_streams_a_record(client):
    flow = client.post("/api/flows", json={"name": "Record", "template": "describe-a-record"}).json()
    run = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": {}}).json()
    events = read_events(client, run)
    streamed = "".join(event["data"]["text"] for event in events if event["type"] == "node.token")
    assert events[-1]["type"] == "run.finished", events[-1]
    assert streamed == events[-1]["data"]["reply"]
    assert "parcel_id" in json.loads(streamed)
    finished = next(e for e in events if e["type"] == "node.finished" and e["node"] == "model_1")
    assert finished["data"]["usage"]["completion_tokens"] > 5


def test_built_files_travel_compressed(client):
    answer = client.get("/static/dist/editor.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip" and "const" in answer.text


def test_the_editor_page_weighs_no_more_than_its_budget(client):
    """250 KB of everything that the page loads before a layout is asked for."""
    names = ["editor.css", "app.css", "theme.js", "icons.svg", "inter-latin.woff2"]
    names += ["editor.js", *parts_of(client.get("/static/dist/editor.js").text)]
    sizes = {}
    for name in names:
        with client.stream("GET", f"/static/dist/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200, name
            sizes[name] = sum(len(part) for part in answer.iter_raw())
    assert sum(sizes.values()) <= 250 * 1024, sizes


def parts_of(script: str) -> list[str]:
    """What the script imports before it starts; what it fetches later stands in ``import(...)``."""
    return re.findall(r'(?:from|import)"\./([\w-]+\.js)"', script)
