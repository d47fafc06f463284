"""A version is put on staging, tried there with a key, promoted, and rolled back: by clicking, without a restart."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.installation import Installation, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def graph(words: str) -> dict:
    return {
        "nodes": [
            {"id": "start_1", "type": "flow.start", "position": {"x": 0, "y": 0}},
            {"id": "prompt_1", "type": "text.prompt", "settings": {"template": words + " {{ q }}"}},
            {"id": "reply_1", "type": "flow.reply"},
        ],
        "wires": [
            {"id": "w1", "source": "start_1", "target": "prompt_1", "target_port": "q"},
            {"id": "w2", "source": "prompt_1", "target": "reply_1", "target_port": "content"},
        ],
    }


@pytest.fixture
def flow(live_app: Installation) -> dict:
    """Version 1 says hello and is live, version 2 says good day."""
    with live_app.client() as client:
        made = client.post("/api/flows", json={"name": "Two greetings"}).json()
        for number, words in enumerate(("Hello", "Good day"), 1):
            body = {"graph": graph(words), "revision": number}
            client.put(f"/api/flows/{made['id']}", json=body).raise_for_status()
            client.post(f"/api/flows/{made['id']}/versions", json={}).raise_for_status()
        client.put(f"/api/flows/{made['id']}/publication", json={"version": 1}).raise_for_status()
        return made


def said(live_app: Installation, flow: dict, environment: str) -> str:
    with live_app.client() as client:
        path, headers = f"/api/flows/{flow['id']}/runs", {"X-Environment": environment}
        run = client.post(path, json={"inputs": {"question": "Ann"}}, headers=headers).json()
        wait_until(
            lambda: client.get(f"/api/runs/{run['id']}").json()["status"] == "finished",
            seconds=60,
            what="the run",
        )
        return client.get(f"/api/runs/{run['id']}").json()["reply"]


def test_stage_try_promote_roll_back(signed_in: Page, live_app: Installation, flow: dict):
    page = signed_in
    page.goto(f"{live_app.url}/publishing/{flow['id']}/")
    page.get_by_test_id("stage-2").click()
    expect(page.get_by_test_id("staging")).to_have_attribute("data-version", "2")
    expect(page.get_by_test_id("production")).to_have_attribute("data-version", "1")
    assert said(live_app, flow, "staging") == "Good day Ann"
    assert said(live_app, flow, "production") == "Hello Ann"

    page.get_by_label("Why").fill("Tried by the desk")
    page.get_by_test_id("promote").click()
    expect(page.get_by_test_id("production")).to_have_attribute("data-version", "2")
    assert said(live_app, flow, "production") == "Good day Ann"

    page.get_by_test_id("roll-back").click()
    expect(page.get_by_test_id("production")).to_have_attribute("data-version", "1")
    assert said(live_app, flow, "production") == "Hello Ann"
    page.get_by_test_id("moves").get_by_text("History").click()
    expect(page.get_by_test_id("move")).to_have_count(4)
    expect(page.get_by_test_id("moves")).to_contain_text("Tried by the desk")
