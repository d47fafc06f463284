"""A dataset in Debian's Chromium: from feedback to a frozen version that a node can choose."""

import json
import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def test_from_feedback_to_a_version_that_a_node_chooses(signed_in: Page, live_app):
    page = signed_in
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with live_app.client() as client:
        pairs = [{"prompt": f"Van {n}?", "chosen": f"At gate {n}.", "rejected": "dunno"} for n in range(30)]
        client.post("/api/feedback/import", content="\n".join(map(json.dumps, pairs))).raise_for_status()
    collect(page)
    mend_and_freeze(page)
    measure_and_export(page)
    choose_in_a_node(page, live_app)
    assert errors == []


def collect(page: Page) -> None:
    page.get_by_role("link", name="Datasets").click()
    page.get_by_text("New dataset").click()
    page.get_by_label("Name").fill("gates")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("Collect feedback", exact=True).click()
    page.get_by_role("button", name="Collect", exact=True).click()
    # These thirty, and whatever else was said in the installation.
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"[3-9]\d new, 0 known"))


def mend_and_freeze(page: Page) -> None:
    for split, rows in (("test", 0), ("", 25)):
        page.get_by_label("Split", exact=True).select_option(split)
        expect(page.locator('[data-testid="row"][data-split="train"]').first).to_be_visible(visible=rows > 0)
    page.get_by_label("Search in rows").fill("Van 7?")
    expect(page.get_by_test_id("row")).to_have_count(1)
    page.get_by_label("Mend this row").click()
    page.get_by_test_id("row").get_by_label("chosen").fill("At the seventh gate.")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_test_id("row")
    expect(row).to_contain_text("At the seventh gate.")
    expect(row).to_have_attribute("data-origin", "mended")
    row.get_by_label("History of this row").click()
    expect(row.get_by_test_id("history")).to_contain_text("At gate 7.")
    page.get_by_label("Note to the version").fill("first")
    page.get_by_role("button", name="Freeze version 1").click()
    expect(page.get_by_test_id("version")).to_contain_text("gates@1")


def measure_and_export(page: Page) -> None:
    pages = page.get_by_role("navigation", name="Dataset", exact=True)
    pages.get_by_role("link", name="Statistics").click()
    expect(page.get_by_test_id("figure-shared")).to_contain_text("0")
    page.get_by_label("Lengths in tokens of").select_option("starter@1")
    expect(page.get_by_test_id("histogram")).to_have_count(6)
    pages.get_by_role("link", name="Versions").click()
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("prompt,chosen,rejected") and "Van 7?,At the seventh gate.,dunno" in text


def choose_in_a_node(page: Page, live_app) -> None:
    node = {"id": "rows", "type": "data.dataset", "position": {"x": 0, "y": 0}}
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Rows"}).json()
        graph = {"nodes": [node], "wires": []}
        client.put(f"/api/flows/{flow['id']}", json={"graph": graph, "revision": flow["revision"]})
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    page.get_by_test_id("node-rows").click()
    page.get_by_role("combobox", name="Dataset").select_option("gates@1")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
    with live_app.client() as client:
        saved = client.get(f"/api/flows/{flow['id']}").json()["graph"]["nodes"][0]
    assert saved["settings"]["dataset"] == "gates@1"
