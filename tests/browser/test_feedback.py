"""Saying what one thinks of answers, by clicking: thumbs, a correction, a blind comparison, the review queue."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.asking import ask
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def test_from_a_thumb_to_training_data(signed_in: Page, live_app):
    page = signed_in
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Judged", "template": "hello"}).json()
        another = client.post("/api/flows", json={"name": "Not open", "template": "hello"}).json()
        for name in ("Bo", "Cy", "Di"):
            body = {"inputs": {"question": name}}
            client.post(f"/api/flows/{another['id']}/runs", json=body).raise_for_status()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    assert ask(page, "Ada") == "Hello, Ada!"
    judge_in_the_chat(page)
    compare_in_the_trace(page)
    review_by_keys(page, live_app.url)
    export_and_withdraw(page)
    assert errors == []


def judge_in_the_chat(page: Page) -> None:
    bar = page.get_by_test_id("rating-reply")
    bar.get_by_role("button", name="Bad answer").click()
    bar.get_by_role("button", name="Bad form").click()
    expect(bar.get_by_role("button", name="Bad form")).to_have_attribute("aria-pressed", "true")
    page.reload()
    page.get_by_test_id("tab-chat").click()
    expect(bar.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")

    bar.get_by_role("button", name="Correct").click()
    bar.get_by_label("What should have been answered").fill("Good day, Ada.")
    bar.get_by_role("button", name="Save correction").click()
    expect(bar.get_by_test_id("corrected")).to_have_text("Good day, Ada.")


def compare_in_the_trace(page: Page) -> None:
    page.get_by_test_id("tab-trace").click()
    row = page.get_by_test_id("trace-node-prompt_1")
    row.locator("summary").click()
    expect(row.get_by_test_id("corrected")).to_have_text("Good day, Ada.")
    row.get_by_role("button", name="Compare").click()
    comparison = page.get_by_test_id("comparison")
    expect(comparison).to_have_attribute("data-status", "ready", timeout=20_000)
    expect(page.get_by_role("button", name="A is better")).to_be_disabled()  # both say the same
    page.get_by_role("button", name="Equal").click()
    expect(page.get_by_text("a draw is kept")).to_be_visible()
    page.get_by_role("button", name="Done").click()


def review_by_keys(page: Page, url: str) -> None:
    page.goto(f"{url}/feedback/review/")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("Hello, Di!")
    page.keyboard.press("u")
    expect(answer).to_contain_text("Hello, Cy!")
    page.keyboard.press("c")
    correction = page.get_by_label("What should have been answered")
    expect(correction).to_be_focused()
    correction.fill("Sud Cy.")  # letters that are keys of the queue
    page.keyboard.press("Control+Enter")
    expect(answer).to_contain_text("Hello, Bo!")
    page.keyboard.press("s")


SAMPLES = {
    "nodes": [
        {"id": "start_1", "type": "flow.start"},
        {"id": "samples_1", "type": "language.samples", "settings": {"count": 3, "max_new_tokens": 8}},
        {"id": "reply_1", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start_1", "target": "samples_1", "target_port": "prompt"},
        {"id": "w2", "source": "start_1", "target": "reply_1", "target_port": "content"},
    ],
}


def test_pairs_and_rankings_by_keys_and_gold(signed_in: Page, live_app):
    page = signed_in
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Several"}).json()
        client.put(f"/api/flows/{flow['id']}", json={"graph": SAMPLES, "revision": 1}).raise_for_status()
        asked = {"inputs": {"question": "Make a parcel record."}}
        client.post(f"/api/flows/{flow['id']}/runs", json=asked).raise_for_status()
        compared = client.post(
            f"/api/flows/{flow['id']}/comparisons", json={**asked, "node": "start_1"}
        ).json()
        wait_until(
            lambda: client.get(f"/api/comparisons/{compared['id']}").json()["status"] == "ready",
            seconds=60,
            what="the comparison",
        )
    page.goto(f"{live_app.url}/feedback/review/?what=rankings")
    card = page.get_by_test_id("review")
    answers = card.locator("[data-rank]")
    expect(answers).to_have_count(3)
    for key in ("2", "1", "Backspace", "3", "1"):
        page.keyboard.press(key)
    expect(answers.locator("output")).to_have_text(["3", "1", "2"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Every ranking has your opinion.")).to_be_visible()
    page.goto(f"{live_app.url}/feedback/review/?what=pairs")
    expect(card.get_by_role("button", name="A is better")).to_be_disabled()  # both say the same
    page.keyboard.press("1")
    page.keyboard.press("0")
    expect(page.get_by_text("Every pair has your opinion.")).to_be_visible()

    page.goto(f"{live_app.url}/feedback/gold/")
    page.get_by_text("Write one", exact=True).click()
    page.get_by_label("Asked").fill("A van?")
    page.get_by_label("Answered").fill("It has wings.")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_test_id("gold")).to_contain_text("It has wings.")
    assert errors == []


def export_and_withdraw(page: Page) -> None:
    """Of each flow alone: other tests say something of theirs in the same installation."""
    page.get_by_role("link", name="Feedback").first.click()
    page.get_by_label("Flow", exact=True).select_option("Not open")
    expect(page.get_by_test_id("rating").filter(has_text="Ada")).to_have_count(0)
    expect(page.get_by_test_id("rating")).to_have_count(2)
    page.get_by_label("Flow", exact=True).select_option("Judged")
    expect(page.get_by_test_id("rating").filter(has_text="Ada")).to_have_count(2)
    expect(page.get_by_test_id("count-preference")).to_contain_text("1")
    page.get_by_label("Kind").select_option("correction")
    expect(page.get_by_test_id("rating")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export preference").click()
    assert '"chosen": "Good day, Ada.", "rejected": "Hello, Ada!"' in download.value.path().read_text()
    page.get_by_test_id("rating").get_by_role("button", name="Withdraw").click()
    expect(page.get_by_test_id("rating")).to_have_count(0)
