"""An API is imported in Debian's Chromium and its answers are made, against a whole installation."""

from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]
DOCUMENT = Path(__file__).parents[2] / "examples" / "protocol" / "parcel-protocol.openapi.yaml"


def test_a_description_is_imported_searched_and_answers(signed_in: Page, tmp_path):
    page = signed_in
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_role("link", name="APIs").click()
    broken = tmp_path / "broken.yaml"
    broken.write_text(DOCUMENT.read_text().replace("type: boolean", "type: maybe", 1))
    page.get_by_label("A file").set_input_files(broken)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("'maybe'", timeout=60_000)

    page.get_by_label("A file").set_input_files(DOCUMENT)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="Delivery data centre protocol")).to_be_visible(timeout=60_000)
    page.get_by_role("searchbox").fill("send a parcel record")
    expect(page.get_by_test_id("operation")).to_have_count(8)
    page.get_by_test_id("operation").first.get_by_role("link").click()

    made = page.get_by_test_id("made")
    expect(made).to_contain_text("PX-")
    first = made.inner_text()
    page.get_by_role("link", name="Another one").click()
    expect(made).not_to_have_text(first)
    seed, again = page.get_by_label("Seed").input_value(), made.inner_text()
    page.reload()
    page.get_by_label("Seed").fill(seed)
    page.get_by_role("button", name="Show").click()
    expect(made).to_have_text(again)

    page.get_by_role("link", name="Delivery data centre protocol").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("is deleted.")).to_be_visible()
