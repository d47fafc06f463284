"""A flow drafted from words with the model that comes along, its problems led to, and its versions compared and restored."""

import os

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.test_editor import hello, saved, stored  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def shoot(page: Page, name: str) -> None:
    """A picture for whoever looks, where a folder is named."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_words_become_a_flow_that_runs(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    with live_app.client() as client:  # of two, whatever else there is, none is meant for sure
        for name in ("Either", "Other"):
            client.post("/api/knowledge", json={"name": name}).raise_for_status()
    page.goto(f"{live_app.url}/gallery/")
    page.get_by_test_id("describe-new").locator("textarea").fill(
        "Generate mock parcel records with fields parcel_id and weight_kg"
    )
    page.get_by_test_id("describe-submit").click()
    expect(page.get_by_test_id("draft-told")).to_contain_text("No model here is large enough")
    expect(page.get_by_test_id("draft-told")).to_contain_text("ready to run")
    expect(page.get_by_test_id("pictured-start_1")).to_be_visible()
    shoot(page, "describe")
    page.get_by_test_id("describe-use").click()
    expect(
        page.get_by_test_id("node-record_1").or_(page.get_by_test_id("node-structured_1")).first
    ).to_be_visible()
    expect(page.get_by_test_id("problems-button")).to_contain_text("Ready to run")
    page.get_by_test_id("run-button").click()
    expect(page.get_by_test_id("chat-reply")).to_contain_text("parcel_id", timeout=60_000)

    # In Chinese, beside what is there, as one step; what is missing leads to its setting.
    saved(page)
    before = page.locator(".flow-node").count()
    page.keyboard.press("Control+k")
    expect(page.get_by_placeholder("Type what you want to do")).to_be_focused()
    page.keyboard.type("Describe the flow")
    page.keyboard.press("Enter")
    page.get_by_test_id("describe-words").fill("查阅我们的手册并总结成三点")
    page.get_by_test_id("describe-ask").click()
    expect(page.get_by_test_id("draft-told")).to_contain_text("'base'")
    page.get_by_test_id("describe-use").click()
    page.get_by_test_id("problems-button").click()
    page.get_by_test_id("problems").get_by_text("'base'").first.click()
    expect(page.get_by_test_id("field-base")).to_be_focused()
    page.get_by_test_id("undo-button").click()
    expect(page.locator(".flow-node")).to_have_count(before)


def test_versions_are_named_compared_and_restored(hello, live_app):  # noqa: F811
    page, flow = hello
    with live_app.client() as client:
        assert client.post(f"/api/flows/{flow['id']}/versions", json={"note": "First"}).status_code == 201
    page.get_by_test_id("node-prompt_1").click()
    page.get_by_test_id("field-template").fill("Good evening, {{ name }}!")
    page.get_by_test_id("node-start_1").click()
    page.keyboard.press("Control+d")
    saved(page)

    page.get_by_test_id("versions-button").click()
    expect(page.get_by_test_id("pictured-prompt_1")).to_have_attribute("data-mark", "changed")
    expect(page.get_by_test_id("pictured-start_2")).to_have_attribute("data-mark", "added")
    expect(page.get_by_test_id("node-changes").locator("ins").filter(has_text="Good evening")).to_be_visible()
    page.get_by_test_id("version-name").fill("The short one")
    page.get_by_test_id("version-save").click()
    expect(page.get_by_test_id("versions-from")).to_contain_text("The short one")
    shoot(page, "versions")

    page.get_by_test_id("restore-version").click()
    expect(page.get_by_test_id("versions-from").locator("option")).to_have_count(3)
    page.get_by_test_id("restore-draft").click()
    expect(page.get_by_test_id("node-start_2")).to_have_count(0)
    saved(page)
    assert stored(live_app, flow)["graph"]["nodes"][1]["settings"]["template"] == "Hello, {{ name }}!"
    page.get_by_test_id("undo-button").click()
    expect(page.get_by_test_id("node-start_2")).to_be_visible()
