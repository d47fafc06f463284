"""A model promoted and rolled back by clicking: the next answer is the other version's, and nothing was restarted."""

import hashlib
import json
import shutil
import zipfile

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from flowbuilder.modelhub.starter_folder import STARTER
from tests.installation import Installation, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
GRAPH = {
    "nodes": [
        {"id": "start_1", "type": "flow.start"},
        {"id": "model_1", "type": "language.local_model", "settings": {"model": "desk", "max_new_tokens": 2}},
        {"id": "reply_1", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start_1", "target": "model_1", "target_port": "prompt"},
        {"id": "w2", "source": "model_1", "target": "reply_1", "target_port": "content"},
    ],
}


@pytest.fixture
def flow(live_app: Installation) -> dict:
    """A flow that names the model "desk", which has two versions."""
    shutil.copytree(STARTER, live_app.home / "shelf" / "desk", dirs_exist_ok=True)
    with live_app.client() as client:
        for _ in range(2):
            body = {"name": "desk", "source": "folder", "location": "desk"}
            version = client.post("/api/models", json=body).json()
            wait_until(
                lambda id=version["id"]: client.get(f"/api/models/{id}").json()["status"] == "ready",
                seconds=60,
                what="the version",
            )
        made = client.post("/api/flows", json={"name": "Desk"}).json()
        client.put(f"/api/flows/{made['id']}", json={"graph": GRAPH, "revision": 1}).raise_for_status()
        return made


def answered_by(live_app: Installation, flow: dict) -> str:
    """The version that a run of the flow asks now."""
    with live_app.client() as client:
        run = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": {"question": "Hi"}}).json()
        path = f"/api/runs/{run['id']}"
        wait_until(lambda: client.get(path).json()["status"] == "finished", seconds=60, what="the answer")
        lines = client.get(f"{path}/events").text.splitlines()
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    (told,) = [event["data"]["model"] for event in events if event["data"].get("kind") == "model"]
    return told


def test_promoted_rolled_back_looked_at_and_exported(signed_in: Page, live_app, flow, tmp_path):
    page = signed_in
    assert answered_by(live_app, flow) == "desk@1"
    page.goto(f"{live_app.url}/models/")
    page.get_by_role("button", name="Promote desk@2").click()
    expect(page.get_by_role("status")).to_contain_text("“desk:production” is now “desk@2”")
    assert answered_by(live_app, flow) == "desk@2"
    expect(page.get_by_test_id("use")).to_contain_text("gets desk@2 by “production”")

    page.get_by_test_id("version").filter(has_text="desk@2").get_by_role("link", name="desk@2").click()
    expect(page.get_by_test_id("lineage").locator("svg")).to_contain_text("Desk")
    expect(page.get_by_test_id("card")).to_contain_text("Lfm2ForCausalLM")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    exported_whole(download.value, tmp_path / "desk.zip")

    page.get_by_role("link", name="desk", exact=True).click()
    page.get_by_role("button", name="Roll back to desk@1").click()
    expect(page.get_by_role("status")).to_contain_text("rolled back to “desk@1”")
    assert answered_by(live_app, flow) == "desk@1"

    page.get_by_role("link", name="Audit log").click()
    rolled_back = page.get_by_test_id("audit-event").first
    expect(rolled_back).to_contain_text("Alias rolled back")
    expect(rolled_back).to_contain_text("desk:production")


def exported_whole(download, path) -> None:
    download.save_as(path)
    with zipfile.ZipFile(path) as archive:
        weights = archive.read("desk-2/model.safetensors")
        sums = archive.read("desk-2/SHA256SUMS").decode()
    assert f"{hashlib.sha256(weights).hexdigest()}  model.safetensors" in sums
