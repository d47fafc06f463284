"""An A/B test by clicking, with real calls of a published flow: each visitor keeps to one version."""

import shutil

import pytest
from httpx import Client
from openai import OpenAI

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from flowbuilder.modelhub.starter_folder import STARTER
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
GRAPH = {
    "nodes": [
        {"id": "start_1", "type": "flow.start"},
        {"id": "model_1", "type": "language.local_model", "settings": {"model": "bot", "max_new_tokens": 4}},
        {"id": "reply_1", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start_1", "target": "model_1", "target_port": "prompt"},
        {"id": "w2", "source": "model_1", "target": "reply_1", "target_port": "content"},
    ],
}
VISITORS = [f"visitor {number}" for number in range(8)]


@pytest.fixture
def published(live_app) -> dict:
    """A published flow that names the model "bot", of which there are two versions."""
    shutil.copytree(STARTER, live_app.home / "shelf" / "bot", dirs_exist_ok=True)
    with live_app.client() as client:
        for number in (1, 2):
            import_version(client, number)
        flow = client.post("/api/flows", json={"name": "Bot under test"}).json()
        client.put(f"/api/flows/{flow['id']}", json={"graph": GRAPH, "revision": 1}).raise_for_status()
        client.post(f"/api/flows/{flow['id']}/versions", json={}).raise_for_status()
        client.put(f"/api/flows/{flow['id']}/publication", json={"version": 1}).raise_for_status()
        return client.get(f"/api/flows/{flow['id']}").json()


def test_visitors_are_divided_rated_and_counted(signed_in: Page, live_app, published):
    page = signed_in
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_role("link", name="Models").click()
    page.get_by_role("link", name="A/B tests").click()
    page.get_by_label("Version that should prove itself").select_option("bot@2")
    page.get_by_label("Percent of sessions", exact=True).fill("50")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="bot:production")).to_be_visible()

    client = OpenAI(base_url=f"{live_app.url}/v1", api_key=live_app.key)
    for visitor in VISITORS * 2:
        messages = [{"role": "user", "content": "Make a parcel record."}]
        client.chat.completions.create(model=published["slug"], messages=messages, safety_identifier=visitor)
    given = versions_of(live_app, published)
    assert {len(versions) for versions in given.values()} == {1}
    assert set().union(*given.values()) == {"bot@1", "bot@2"}

    for version in ("bot@1", "bot@2"):
        mine = sum(versions == {version} for versions in given.values())
        figures = page.get_by_test_id("figures").filter(has_text=version).get_by_role("cell")
        expect(figures.nth(0)).to_have_text(str(mine), timeout=15_000)
        expect(figures.nth(1)).to_have_text(str(2 * mine))
        expect(page.locator(f'[data-version="{version}"]').get_by_test_id("rate")).to_contain_text(
            "100.0 %" if version == "bot@2" else "0.0 %"
        )
    expect(page.get_by_test_id("versus")).to_contain_text("+100.0 against the control")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_test_id("reason")).to_have_text(f"{live_app.email} stopped it.")
    assert errors == []


def import_version(client: Client, number: int) -> None:
    """One after the other: the first that is ready is the one in production."""
    body = {"name": "bot", "source": "folder", "location": "bot"}
    client.post("/api/models", json=body).raise_for_status()
    wait_until(
        lambda: any(m["ref"] == f"bot@{number}" and m["status"] == "ready" for m in client.get("/api/models").json()),
        seconds=60,
        what=f"bot@{number}",
    )  # fmt: skip


def versions_of(live_app, flow: dict) -> dict[str, set[str]]:
    """Which versions answered each visitor, read from the events; the second version's answers are rated good."""
    found: dict[str, set[str]] = {}
    with live_app.client() as client:
        for run in client.get(f"/api/flows/{flow['id']}/runs").json():
            rating = {"kind": "thumbs", "up": False}
            rated = client.post(f"/api/runs/{run['id']}/ratings", json=rating).json()
            found.setdefault(run["session"], set()).add(rated["model"])
            if rated["model"] == "bot@2":
                client.post(f"/api/runs/{run['id']}/ratings", json={**rating, "up": True}).raise_for_status()
    return found
