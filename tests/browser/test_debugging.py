"""Ask, correct, ask in other words: the debug pane in Debian's Chromium against a whole installation."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]
NAMES = ("parcel", "depot", "courier", "locker", "invoice", "route", "vehicle")
PROTOCOL = "\n".join(
    f"# {name} record\n\nEvery {name} record has a {name}_id, a date and a note.\n" for name in NAMES
)
RIGHT = "Its parcel_id, and what the protocol lists below it."


def ask(page: Page, question: str) -> None:
    page.get_by_label("Question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_test_id("answer")).to_be_visible(timeout=120_000)


def test_what_is_corrected_once_is_answered_so_in_other_words(signed_in: Page, tmp_path):
    page = signed_in
    protocol = tmp_path / "protocol.md"
    protocol.write_text(PROTOCOL)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_label("Name of the new knowledge base").fill("Debugged")
    page.get_by_role("button", name="Create base").click()
    page.get_by_label("Upload files").set_input_files([protocol])
    expect(page.get_by_test_id("document")).to_have_attribute("data-status", "ready", timeout=120_000)
    page.get_by_role("link", name="Debug and correct").click()
    page.get_by_role("button", name="Make a flow that answers").click()

    ask(page, "What does a parcel record need?")
    hit = page.get_by_test_id("hit").first
    expect(hit).to_contain_text("Meaning")
    expect(hit.locator("mark").first).to_be_visible()
    hit.get_by_role("checkbox").check()
    page.get_by_label("What should have been answered").fill(RIGHT)
    page.get_by_role("button", name="Answer so from now on").click()
    expect(page.get_by_test_id("corrected")).to_contain_text("preference pair")

    ask(page, "Which fields does a parcel record require?")
    expect(page.get_by_test_id("answer")).to_have_text(RIGHT)
    expect(page.get_by_test_id("directly")).to_be_visible()
    expect(page.get_by_test_id("citation")).to_contain_text("What does a parcel record need?")

    ask(page, "What does a depot record need?")
    expect(page.get_by_test_id("directly")).to_have_count(0)

    page.get_by_role("link", name="Test sets").click()
    page.get_by_role("link", name="Debugged · ").click()
    expect(page.get_by_test_id("case")).to_contain_text(RIGHT)
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_test_id("test-run")).to_have_attribute("data-status", "finished", timeout=120_000)
    expect(page.get_by_test_id("test-run")).to_contain_text("1.000")
    assert errors == []
