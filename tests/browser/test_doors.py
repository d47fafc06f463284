"""The Publish page's ways in for programs: MCP, what callers may set otherwise, callbacks with their deliveries."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.axe import found_in_both_themes

pytestmark = [pytest.mark.browser, pytest.mark.integration]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def flow(live_app) -> dict:
    with live_app.client() as client:
        made = client.post("/api/flows", json={"name": "Doors of a greeting", "template": "hello"}).json()
        client.post(f"/api/flows/{made['id']}/versions", json={}).raise_for_status()
        client.put(f"/api/flows/{made['id']}/publication", json={"version": 1}).raise_for_status()
        return made


def test_ways_in_for_programs(signed_in: Page, live_app, flow):
    page = signed_in
    page.goto(f"{live_app.url}/publishing/{flow['id']}/")
    page.get_by_test_id("switch-mcp").click()
    expect(page.get_by_test_id("state-mcp")).to_have_text("on")
    expect(page.get_by_test_id("mcp-url")).to_have_text(f"{live_app.url}/mcp/{flow['slug']}")
    expect(page.get_by_test_id("sample-mcp-curl")).to_contain_text("tools/call")

    page.get_by_text("Embeddings", exact=True).click()
    expect(page.get_by_test_id("sample-embeddings-curl")).to_be_visible()

    page.get_by_test_id("overrides").get_by_text("What callers may set otherwise").click()
    page.get_by_label("template").check()
    page.get_by_test_id("save-overrides").click()
    expect(page.get_by_test_id("overrides").locator(".badge")).to_have_text("1")
    with live_app.client() as client:
        doors = client.get(f"/api/flows/{flow['id']}/doors").json()
    assert [row["setting"] for row in doors["overrides"]] == ["template"] and doors["mcp"]

    callbacks = page.get_by_test_id("callbacks")
    callbacks.get_by_label("Address").fill("https://unlisted.example.com/hook")
    page.get_by_test_id("add-callback").click()
    expect(callbacks.get_by_role("alert")).to_contain_text("FLOWBUILDER_OUTBOUND_HOSTS")
    callbacks.get_by_text("A program that receives them").click()
    expect(page.get_by_test_id("sample-callback-python")).to_contain_text("hmac")
    assert found_in_both_themes(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")

    page.goto(f"{live_app.url}/publishing/{flow['id']}/deliveries/")
    expect(page.get_by_text("Nothing was to be told yet.")).to_be_visible()
    assert found_in_both_themes(page) == []
