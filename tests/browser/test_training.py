"""A training by clicking: ordered with few choices, followed, paused and gone on with, compared; read by keys."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.slow]
ROWS = "\n".join(f'{{"prompt": "Say {n}.", "completion": "{n}"}}' for n in range(12))


def test_a_training_is_ordered_paused_and_gone_on_with(signed_in: Page):
    page, errors = signed_in, []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_role("link", name="Training").click()
    page.get_by_role("link", name="New training").click()
    page.get_by_role("link", name="Teach by examples: SFT").click()
    page.get_by_label("Steps", exact=True).fill("400")
    page.get_by_label("Rows pasted or from a file").check()
    page.get_by_label("Rows", exact=True).fill(ROWS)
    page.get_by_label("Rows", exact=True).blur()
    expect(page.locator("#estimate")).to_contain_text("Memory", timeout=20_000)

    page.get_by_text("All settings").click()
    page.get_by_label("Batch size").fill("0")
    page.get_by_role("button", name="Start training").click()
    expect(page.get_by_role("alert").filter(has_text="greater than or equal to 1").first).to_be_visible()
    page.get_by_label("Batch size").fill("2")
    page.get_by_label("Samples every").fill("2")
    page.get_by_role("button", name="Start training").click()

    live = page.locator("#live")
    expect(live).to_have_attribute("data-status", "running", timeout=60_000)
    chart = page.locator("[data-chart=loss]")
    expect(chart).to_be_visible(timeout=90_000)
    chart.locator("svg").focus()
    page.keyboard.press("Home")
    expect(chart.locator("output")).to_have_text(re.compile(r"step \d+: [\d.]+"))

    page.get_by_role("button", name="Pause").click()
    expect(live).to_have_attribute("data-status", "paused", timeout=60_000)
    page.get_by_role("button", name="Go on from the last checkpoint").click()
    expect(live).to_have_attribute("data-status", re.compile("queued|running"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Stop").click()
    expect(live).to_have_attribute("data-status", "cancelled", timeout=60_000)
    page.get_by_role("link", name="Train again with changes").click()
    expect(page.get_by_label("Steps", exact=True)).to_have_value("400")
    assert errors == []
