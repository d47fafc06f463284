"""Two files of Flowise are dropped, their report is read, and a placeholder is found in the editor: against a whole installation."""

import json

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.importing.samples import agent_flow, workspace
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def test_files_are_dropped_looked_at_and_imported(signed_in: Page, live_app, tmp_path):
    page = signed_in
    (tmp_path / "Sums Agentflow.json").write_text(json.dumps(agent_flow()))
    (tmp_path / "ExportData.json").write_text(json.dumps(workspace()))
    page.get_by_role("link", name="Import and export").click()
    page.get_by_label("Files to import").set_input_files(
        [tmp_path / "Sums Agentflow.json", tmp_path / "ExportData.json"]
    )
    expect(page.locator("[data-chosen-files]")).to_contain_text("ExportData.json")
    page.get_by_role("button", name="Look at what is in them").click()

    expect(page.get_by_test_id("import-status")).to_have_text("Preview")
    expect(page.get_by_test_id("imported-flow")).to_have_count(5)
    beside = page.get_by_test_id("imported-workspace")
    expect(beside).to_contain_text("Handbook")
    expect(beside).to_contain_text("apiKey, region")
    page.get_by_role("button", name="Import these").click()

    expect(page.get_by_test_id("import-status")).to_have_text("Imported")
    flow = page.get_by_test_id("imported-flow").filter(has=page.get_by_role("heading", name="Sums Agentflow"))
    expect(flow).to_contain_text("JavaScript cannot run here")
    flow.get_by_role("link", name="Sum", exact=True).first.click()

    card = page.get_by_test_id("node-customFunctionAgentflow_0")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Placeholder")
    # The report's link has chosen it: what it was stands in its settings.
    expect(page.get_by_label("Was")).to_have_value("Flowise: customFunctionAgentflow")
    page.get_by_test_id("palette-search").fill("placeholder")
    expect(page.get_by_test_id("palette-item-flow.placeholder")).to_have_count(0)
    page.go_back()
    expect(page.get_by_test_id("import-status")).to_have_text("Imported")

    page.get_by_role("link", name="Read them").first.click()
    expect(page.get_by_role("main")).to_contain_text("Where is parcel 7?")
    with live_app.client() as client:
        (base,) = [row["id"] for row in client.get("/api/knowledge").json() if row["name"] == "Handbook"]
        path = f"/api/knowledge/{base}/documents"
        wait_until(
            lambda: {row["status"] for row in client.get(path).json()} == {"ready"},
            seconds=120,
            what="its passages",
        )
        found = client.get(f"/api/knowledge/{base}/search", params={"q": "Which bay is cold?"}).json()
    # Each chunk of the store is a passage again, embedded here.
    assert found[0]["text"] == "Bay 3 is cold." and found[0]["parts"]["dense"] is not None
