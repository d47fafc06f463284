"""A newcomer's first hour, by clicking: protocol, template, run, publish, key, and a program that calls it."""

import json
from pathlib import Path

import pytest
from openai import OpenAI

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.asking import ask

pytestmark = [pytest.mark.browser, pytest.mark.integration]
PROTOCOL = Path(__file__).parents[2] / "examples" / "protocol" / "parcel-protocol.md"


@pytest.fixture
def base(signed_in: Page) -> str:
    """A knowledge base with the sample protocol, made by clicking."""
    page = signed_in
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_label("Name of the new knowledge base").fill("First protocol")
    page.get_by_role("button", name="Create base").click()
    page.get_by_label("Upload files").set_input_files([PROTOCOL])
    expect(page.get_by_test_id("document")).to_have_attribute("data-status", "ready", timeout=240_000)
    return "First protocol"


def test_from_the_gallery_to_a_program_that_calls_the_bot(signed_in: Page, live_app, base):
    page = signed_in
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_app.url}/gallery/")
    page.get_by_test_id("use-protocol-mock-bot").click()
    page.get_by_test_id("node-retrieve_1").click()
    page.get_by_test_id("field-base").select_option(label=base)
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
    expect(page.get_by_test_id("problems-button")).to_contain_text("Ready to run")

    record = json.loads(ask(page, "Make a parcel record."))
    assert "parcel_id" in record
    for node in ("retrieve_1", "prompt_1", "record_1", "reply_1"):
        expect(page.get_by_test_id(f"node-{node}")).to_have_attribute("data-status", "finished")

    page.get_by_test_id("publish-button").click()
    page.get_by_test_id("publish-confirm").click()
    model = page.get_by_test_id("publish-model").inner_text()
    page.get_by_test_id("publish-done").click()

    page.goto(f"{live_app.url}/keys/")
    page.get_by_role("textbox", name="Name").fill("First program")
    page.get_by_role("button", name="Create key").click()
    key = page.get_by_test_id("new-key").inner_text()
    called = OpenAI(base_url=f"{live_app.url}/v1", api_key=key).chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Make a parcel record."}]
    )
    assert "parcel_id" in json.loads(called.choices[0].message.content)
    assert errors == []


def test_score_and_pick_answers_with_its_best(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_app.url}/gallery/")
    page.get_by_test_id("use-score-and-pick").click()
    example = "Make a parcel record.\nFields:\n- parcel_id: string\n- weight_kg: number"
    reply = ask(page, example)
    page.get_by_test_id("tab-trace").click()
    trace = page.get_by_test_id("trace-node-best_1")
    trace.locator("summary").click()
    expect(trace).to_contain_text("scores")
    expect(trace).to_contain_text(json.loads(reply)["parcel_id"])
