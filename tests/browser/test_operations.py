"""What was asked from outside is found again: what it used, its log, its conversation, which is rated and sent on."""

import json
import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.installation import Installation, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
QUESTION = "Make an osprey record.\nFields:\n- osprey_id: string"
GRAPH = {
    "nodes": [
        {"id": "start_1", "type": "flow.start", "position": {"x": 0, "y": 0}},
        {"id": "model_1", "type": "language.local_model", "position": {"x": 300, "y": 0}},
        {"id": "reply_1", "type": "flow.reply", "position": {"x": 600, "y": 0}},
    ],
    "wires": [
        {"id": "w1", "source": "start_1", "target": "model_1", "target_port": "prompt"},
        {"id": "w2", "source": "model_1", "target": "reply_1", "target_port": "content"},
    ],
}


@pytest.fixture
def flow(live_app: Installation) -> dict:
    """One that a program asked once, in a session of its own."""
    with live_app.client() as client:
        made = client.post("/api/flows", json={"name": "Osprey desk"}).json()
        path = f"/api/flows/{made['id']}"
        client.put(path, json={"graph": GRAPH, "revision": 1}).raise_for_status()
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
        body = {"inputs": {"question": QUESTION}, "version": "live", "session": "ospreys"}
        run = client.post(f"{path}/runs", json=body).json()["id"]
        wait_until(
            lambda: client.get(f"/api/runs/{run}").json()["status"] == "finished", seconds=120, what="the run"
        )
        client.post(f"/api/runs/{run}/ratings", json={"kind": "thumbs", "up": True}).raise_for_status()
        where = {"flow": made["id"]}
        wait_until(
            lambda: client.get("/api/usage", params=where).json()["totals"]["tokens_out"] > 0,
            seconds=60,
            what="its use",
        )
        return {**made, "run": run}


def test_usage_logs_and_conversations(signed_in: Page, live_app: Installation, flow: dict):
    page = signed_in
    page.goto(f"{live_app.url}/usage/?flow={flow['id']}&by=model")
    expect(page.get_by_test_id("total-runs")).to_have_text("1")
    expect(page.get_by_test_id("usage-table")).to_contain_text("starter@1")
    expect(page.get_by_test_id("total-cost")).to_contain_text(re.compile(r"^0 [A-Z]{3}$"))
    expect(page.get_by_test_id("chart")).to_have_count(4)
    page.get_by_label("Table").select_option("version")
    expect(page.get_by_test_id("usage-table")).to_contain_text("Osprey desk 1")
    with page.expect_download() as file:
        page.get_by_test_id("export").click()
    assert "Osprey desk 1" in file.value.path().read_text()

    page.get_by_role("link", name="Logs", exact=True).click()
    expect(page.get_by_role("heading", name="Logs")).to_be_visible()
    page.goto(f"{live_app.url}/logs/?flow={flow['id']}")
    page.get_by_label("Text in inputs, outputs and errors").fill("osprey_id")
    page.get_by_label("Text in inputs, outputs and errors").press("Enter")
    expect(page.get_by_test_id("run")).to_have_count(1)
    with page.expect_download() as file:
        page.get_by_test_id("export").click()
    assert json.loads(file.value.path().read_text())["id"] == flow["run"]

    page.get_by_role("link", name="Conversations", exact=True).click()
    expect(page.get_by_role("heading", name="Conversations")).to_be_visible()
    page.goto(f"{live_app.url}/conversations/?flow={flow['id']}")
    expect(page.get_by_test_id("conversation")).to_have_count(1)
    page.get_by_test_id("conversation").get_by_role("link").click()
    expect(page.get_by_test_id("turn")).to_contain_text("osprey_id")
    expect(page.get_by_test_id("rating")).to_have_count(1)
    page.get_by_role("button", name="To the tests").click()
    expect(page.get_by_text("It is a test case of the flow now.")).to_be_visible()

    page.get_by_role("link", name="Open the run").click()
    page.get_by_test_id("trace-node-model_1").locator("summary").first.click()
    expect(page.get_by_test_id("cost-model_1")).to_contain_text(re.compile(r"^0 [A-Z]{3}"))
    page.go_back()
    page.on("dialog", lambda asked: asked.accept())
    page.get_by_test_id("delete").click()
    expect(page.get_by_text("The conversation is deleted.")).to_be_visible()
    with live_app.client() as client:
        assert client.get("/api/conversations", params={"flow": flow["id"]}).json() == []
        assert client.get(f"/api/runs/{flow['run']}").status_code == 404
        assert client.get("/api/usage", params={"flow": flow["id"]}).json()["totals"]["runs"] == 1
