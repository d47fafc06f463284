"""A model is looked into by clicking: in a flow's trace, and on its page, token after token."""

import os
import shutil

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.axe import found_in_both_themes
from tests.installation import Installation, wait_until
from tests.modelhub.conftest import make_model, model_folder, tokenizer  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.integration]
TEXT = "The van leaves the depot."
LOOKS = ("tokens", "next_token", "attention")


@pytest.fixture(scope="module")
def versions(live_app: Installation, model_folder) -> dict[str, str]:  # noqa: F811
    """Tiny models of the installation, by architecture: name and id."""
    made = {}
    with live_app.client() as client:
        for kind in ("gpt2", "t5"):
            shutil.copytree(model_folder(kind), live_app.home / "shelf" / f"look-{kind}", dirs_exist_ok=True)
            body = {"name": f"look-{kind}", "source": "folder", "location": f"look-{kind}"}
            made[kind] = client.post("/api/models", json=body).json()["id"]
        for id_ in made.values():
            wait_until(
                lambda id_=id_: client.get(f"/api/models/{id_}").json()["status"] == "ready",
                seconds=60,
                what="the model",
            )
    return made


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def graph(model: str) -> dict:
    nodes = [{"id": "start", "type": "flow.start", "settings": {"example": TEXT}}]
    wires = []
    for place, look in enumerate(LOOKS):
        settings = {"model": model} | ({"choose": [0, 1]} if look == "next_token" else {})
        at = {"x": 320, "y": 180 * place}
        nodes.append({"id": look, "type": f"science.{look}", "settings": settings, "position": at})
        wires.append({"id": look, "source": "start", "target": look, "target_port": "text"})
    return {"nodes": nodes, "wires": wires}


@pytest.mark.parametrize("kind", ["gpt2", "t5"])
def test_looks_in_a_flow_and_on_the_page(signed_in: Page, live_app, versions, kind):
    page = signed_in
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": f"Looks {kind}"}).json()
        body = {"graph": graph(f"look-{kind}"), "revision": flow["revision"]}
        client.put(f"/api/flows/{flow['id']}", json=body).raise_for_status()
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    page.get_by_test_id("run-button").click()
    page.get_by_test_id("chat-input").fill(TEXT)
    page.get_by_test_id("chat-send").click()
    page.get_by_test_id("tab-trace").click()
    for look in LOOKS:
        row = page.get_by_test_id(f"trace-node-{look}")
        expect(row).to_have_attribute("data-status", "finished", timeout=60_000)
        row.locator("summary").click()
    expect(
        page.get_by_test_id("trace-node-tokens").get_by_test_id("tokens").get_by_role("listitem").first
    ).to_be_visible()
    steps = page.get_by_test_id("next-tokens")
    expect(steps).to_contain_text("Step 1 of 3")
    steps.get_by_role("button", name="Next").click()
    expect(steps).to_contain_text("Step 2 of 3")
    attention = page.get_by_test_id("attention")
    attention.get_by_role("combobox", name="Head").select_option("1")
    expect(attention.get_by_role("img", name="Attention of layer 0, head 1")).to_be_visible()
    shot(page, f"trace-{kind}")
    assert found_in_both_themes(page) == []

    page.goto(f"{live_app.url}/models/versions/{versions[kind]}/")
    page.get_by_role("link", name="Look into it").click()
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.get_by_test_id("next-token")).to_have_count(12, timeout=30_000)
    before = page.get_by_test_id("token").count()
    page.get_by_test_id("next-token").nth(1).click()
    expect(page.get_by_test_id("token")).to_have_count(before + 1)
    page.get_by_role("combobox", name="Head").select_option("1")
    expect(page.get_by_role("img", name="Attention of layer 0, head 1")).to_be_visible()
    shot(page, f"page-{kind}")
    assert found_in_both_themes(page) == []
    shot(page, f"page-{kind}-dark")


def test_a_node_that_sends_out_says_so_on_its_card(signed_in: Page, live_app):
    nodes = [{"id": "far", "type": "language.remote_model"}, {"id": "near", "type": "language.local_model"}]
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Far"}).json()
        body = {"graph": {"nodes": nodes, "wires": []}, "revision": flow["revision"]}
        client.put(f"/api/flows/{flow['id']}", json=body).raise_for_status()
    signed_in.goto(f"{live_app.url}/flows/{flow['id']}/")
    expect(signed_in.get_by_test_id("node-far").get_by_test_id("sends-out")).to_have_text(
        "Leaves your machines"
    )
    expect(signed_in.get_by_test_id("node-near").get_by_test_id("sends-out")).to_have_count(0)
    assert found_in_both_themes(signed_in) == []
    shot(signed_in, "sends-out")


def test_an_agent_s_steps_are_told_in_the_trace(signed_in: Page, live_app):
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Steps", "template": "an-agent-with-tools"}).json()
    page = signed_in
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    page.get_by_test_id("run-button").click()
    page.get_by_test_id("chat-input").fill("What is 17.5 times 12?")
    page.get_by_test_id("chat-send").click()
    page.get_by_test_id("tab-trace").click()
    row = page.get_by_test_id("trace-node-agent_1")
    expect(row).to_have_attribute("data-status", "finished", timeout=90_000)
    row.locator("summary").click()
    expect(row.get_by_test_id("agent-steps").get_by_role("listitem").first).to_be_visible()
    row.get_by_test_id("agent-steps").scroll_into_view_if_needed()
    shot(page, "agent")
    assert found_in_both_themes(page) == []
