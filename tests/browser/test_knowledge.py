"""Splitting is looked at before it is committed, and a passage is corrected in its place."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]
TEXT = "# Parcel\n\nA parcel has a weight. It has an id.\n\n# Route\n\nA route has stops.\n"


def test_a_document_is_looked_at_committed_and_corrected(signed_in: Page, tmp_path):
    page = signed_in
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_label("Name of the new knowledge base").fill("Looked at")
    page.get_by_role("button", name="Create base").click()
    file = tmp_path / "parcel.md"
    file.write_text(TEXT)
    page.get_by_label("Let me look at the passages before they are used").check()
    page.get_by_label("Upload files").set_input_files([file])
    page.get_by_role("link", name="Look at the passages").click(timeout=240_000)

    pieces = page.get_by_test_id("piece")
    expect(pieces).to_have_count(2)
    page.get_by_label("Method").select_option("sentence")
    expect(pieces).to_have_count(3, timeout=20_000)
    page.get_by_role("button", name="Use these passages").click()
    expect(page.get_by_test_id("document")).to_have_attribute("data-status", "ready", timeout=240_000)

    page.get_by_role("link", name="parcel.md").click()
    passage = page.get_by_test_id("passage").nth(1)
    expect(passage).to_contain_text("It has an id.")
    passage.get_by_role("link", name="Edit").click()
    passage.get_by_label("Text", exact=True).fill("It has an id of ten letters.")
    passage.get_by_role("button", name="Save").click()
    expect(passage).to_contain_text("edited", timeout=20_000)
    passage.get_by_role("link", name="In the text").click()
    expect(page.locator("mark")).to_have_text("It has an id.")
