"""From feedback to a promoted version with the model that ships, by clicking."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.asking import ask
from tests.improvement.feedback import give

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.slow]
QUESTION = "Make a parcel record.\nFields:\n- parcel_id: string\n- status: enum (enum: created, in_transit, delivered)"
WANTED = '{"parcel_id": "PX-1", "status": "in_transit"}'


def test_from_feedback_to_a_promoted_version(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Record bot", "template": "describe-a-record"}).json()
        given = give(client, flow["id"])
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    correct_an_answer(page)
    version = improve(page, pairs=given + 1)
    promote(page, version)
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    assert ask(page, QUESTION)
    page.get_by_test_id("tab-trace").click()
    expect(page.get_by_test_id("trace-node-model_1")).to_contain_text(version)


def correct_an_answer(page: Page) -> None:
    ask(page, QUESTION)
    bar = page.get_by_test_id("rating-reply")
    bar.get_by_role("button", name="Correct").click()
    bar.get_by_label("What should have been answered").fill(WANTED)
    bar.get_by_role("button", name="Save correction").click()
    expect(bar.get_by_test_id("corrected")).to_have_text(WANTED)


def improve(page: Page, pairs: int) -> str:
    """The version that comes out."""
    page.get_by_test_id("improve-link").click()
    expect(page.get_by_test_id("count-pairs")).to_contain_text(str(pairs))
    page.get_by_label("How long").select_option("quick")
    expect(page.get_by_test_id("plan-steps")).to_contain_text("20 steps")
    page.get_by_role("button", name="Improve it now").click()
    expect(page.locator("#stages")).to_have_attribute("data-status", "finished", timeout=500_000)
    expect(page.get_by_test_id("gate-verdict")).to_be_visible()
    expect(page.get_by_test_id("report")).to_contain_text("against starter@1")
    made = page.get_by_test_id("stage").and_(page.locator("[data-node=practise_1]")).get_by_role("link").first
    version = made.inner_text()
    assert re.fullmatch(r"starter@\d+", version)
    made.click()
    return version


def promote(page: Page, version: str) -> None:
    """What the gate has something against wants a written reason."""
    page.get_by_role("button", name="Promote").first.click()
    reason = page.get_by_label("Why it is promoted all the same")
    expect(reason.or_(page.get_by_text(f"is now “{version}”.")).first).to_be_visible()
    if reason.is_visible():
        reason.fill("Looked at by hand: it is what people want.")
        page.get_by_role("button", name="Promote all the same").click()
    expect(page.get_by_text(f"is now “{version}”.")).to_be_visible()
