"""A bot from a description, its prompt rewritten and searched on cases, by clicking."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.asking import ask

pytestmark = [pytest.mark.browser, pytest.mark.integration]
SAID = "Generate parcel records with parcel_id, weight_kg and status."
CASES = "\n".join(
    f'{{"question": "Make a parcel record, number {n}.", "checks": [{{"kind": "contains", "value": "parcel_id"}}]}}'
    for n in range(6)
)


@pytest.fixture
def page(signed_in: Page):
    errors: list[str] = []
    signed_in.on("pageerror", lambda error: errors.append(str(error)))
    signed_in.set_viewport_size({"width": 1440, "height": 900})
    yield signed_in
    assert errors == []


@pytest.fixture
def bot(page: Page) -> Page:
    """A bot made on the page, open in the editor."""
    page.get_by_role("link", name="New bot").click()
    page.get_by_label("Name", exact=True).fill("Parcel bot")
    page.get_by_label("What it is for").fill(SAID)
    expect(page.get_by_test_id("understood")).to_contain_text("Answers with made-up records")
    expect(page.get_by_test_id("understood")).to_contain_text("parcel_id, weight_kg, status")
    page.get_by_test_id("create-bot").click()
    expect(page.locator(".react-flow__node[data-id=prompt_1]")).to_be_visible()
    return page


def test_a_prompt_is_rewritten_from_a_turn_and_used(bot: Page):
    assert "parcel_id" in ask(bot, "Make a parcel record.")
    bot.get_by_test_id("improve-from-turn").click()
    dialog = bot.get_by_role("dialog", name="Improve the prompt")
    expect(dialog.get_by_role("textbox", name="Question", exact=True)).to_have_value("Make a parcel record.")
    dialog.get_by_label("What should be different?").fill("Never leave a field out")
    dialog.get_by_test_id("rewrite").click()
    expect(dialog.get_by_test_id("difference").locator("ins").first).to_contain_text(
        "Never leave a field out"
    )
    dialog.get_by_test_id("cancel").click()
    expect(dialog.get_by_test_id("difference")).to_be_hidden()
    dialog.get_by_test_id("rewrite").click()
    dialog.get_by_test_id("use").click()
    expect(dialog).to_be_hidden()
    bot.locator(".react-flow__node[data-id=prompt_1]").click()
    bot.get_by_test_id("tab-settings").click()
    template = bot.get_by_test_id("field-template")
    expect(template).to_have_value(re.compile(r"Never leave a field out\.\n\nQuestion: {{ question }}"))
    expect(bot.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
    bot.reload()
    bot.locator(".react-flow__node[data-id=prompt_1]").click()
    expect(template).to_have_value(re.compile("Never leave a field out"))


def test_a_better_prompt_is_searched_on_cases(bot: Page):
    bot.locator(".react-flow__node[data-id=prompt_1]").click()
    bot.get_by_test_id("improve-template").click()
    dialog = bot.get_by_role("dialog", name="Improve the prompt")
    dialog.get_by_label("More cases, one a line").fill("no case")
    dialog.get_by_test_id("search").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Line 1")
    dialog.get_by_label("More cases, one a line").fill(CASES)
    dialog.get_by_label("Answers to try, at most").fill("20")
    dialog.get_by_test_id("search").click()
    expect(dialog.get_by_test_id("searched")).to_have_attribute("data-status", "finished", timeout=90_000)
    expect(dialog.get_by_test_id("scores")).to_contain_text("after1.00")
