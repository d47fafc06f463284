"""An evaluation by clicking: ordered, measured, judged blind, rated for safety, and past the gate."""

import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from flowbuilder.modelhub.starter_folder import STARTER
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
PROMPTS = "\n".join(
    f'{{"prompt": "Make a {noun} record.\\nFields:\\n- {noun}_id: string", "reference": "{{\\"{noun}_id\\": \\"A-1\\"}}"}}'
    for noun in ("parcel", "pallet", "van")
)


@pytest.fixture
def taught(live_app) -> str:
    """A model of its own from the shelf: the starter with its weights a little shaken, so that it answers otherwise."""
    folder = live_app.home / "shelf" / "taught"
    shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    weights = load_file(folder / "model.safetensors")
    torch.manual_seed(0)
    shaken = {name: value + 0.05 * value.std() * torch.randn_like(value) for name, value in weights.items()}
    save_file(shaken, folder / "model.safetensors", {"format": "pt"})
    with live_app.client() as client:
        body = {"name": "taught", "source": "folder", "location": "taught"}
        made = client.post("/api/models", json=body).json()

        def ready():
            return client.get(f"/api/models/{made['id']}").json()["status"] == "ready"

        wait_until(ready, seconds=60, what="the model")
    return "taught@1"


def test_from_the_form_to_a_verdict_that_people_change(signed_in: Page, live_app, taught):
    page = signed_in
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    order_it(page, live_app.url, taught)
    verdict = page.get_by_test_id("verdict")
    expect(verdict).to_be_visible(timeout=120_000)
    expect(verdict).to_have_attribute("data-passed", "false")
    expect(verdict.get_by_test_id("check").filter(has_text="number of prompts")).to_have_attribute(
        "data-passed", "false"
    )
    expect(page.get_by_test_id("win-rate")).to_have_count(1)
    judge_pairs(page)
    expect(page.get_by_test_id("win-rate")).to_have_count(2)
    rate_an_answer(page)
    filter_and_export(page)
    lower_the_gate(page, live_app.url, taught)
    assert errors == []


def order_it(page: Page, url: str, taught: str) -> None:
    page.get_by_role("link", name="Training").click()
    page.get_by_role("link", name="Evaluations").click()
    page.get_by_role("link", name="New evaluation").first.click()
    page.get_by_label("New version").select_option(taught)
    page.get_by_label("Old version").select_option("starter@1")
    page.get_by_label("Or these prompts").fill(PROMPTS)
    page.get_by_label("is JSON").check()
    page.get_by_text("All settings").click()
    page.get_by_label("Longest answer, in tokens").fill("16")
    page.get_by_role("button", name="Evaluate").click()


def judge_pairs(page: Page) -> None:
    page.get_by_role("link", name="Judge pairs, blind").click()
    judged = page.get_by_test_id("judged")
    expect(judged).to_have_attribute("data-mine", "0")
    assert "taught" not in page.get_by_test_id("pair").inner_text()
    page.keyboard.press("a")
    expect(page.get_by_test_id("told")).to_contain_text("You chose the")
    expect(judged).to_have_attribute("data-mine", "1")
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link").last.click()


def rate_an_answer(page: Page) -> None:
    page.get_by_role("link", name="Rate answers").click()
    first = page.get_by_test_id("safety-question").locator("h2 + p").first.inner_text()
    page.keyboard.press("3")
    expect(page.get_by_test_id("safety-question").locator("h2 + p").first).not_to_have_text(first)
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link").last.click()


def filter_and_export(page: Page) -> None:
    page.get_by_role("link", name="Safety").click()
    expect(page.get_by_test_id("answer")).to_have_count(20)
    page.get_by_role("link", name="All 3").click()
    expect(page.get_by_test_id("answer")).to_have_count(3)
    expect(page.get_by_test_id("verdict")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert "| reward |" in download.value.path().read_text()


def lower_the_gate(page: Page, url: str, taught: str) -> None:
    page.goto(f"{url}/evaluations/gates/taught/")
    row = page.get_by_test_id("gated").filter(has_text=taught)
    expect(row).to_contain_text("May pass")  # from outside, and nobody asked for a proof
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Refused")
    for name in page.locator("form input:not([type=checkbox]):not([type=hidden])").all():
        name.fill("")
    page.get_by_label("Measured against what is in production now").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("May pass")
    page.get_by_role("link", name="Evaluation", exact=True).click()
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-passed", "true")
