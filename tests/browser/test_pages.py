"""The pages of knowledge and of keys in Debian's Chromium against a whole installation."""

from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]
PROTOCOL = Path(__file__).parents[2] / "examples" / "protocol" / "parcel-protocol.md"


@pytest.fixture
def page_without_errors(signed_in: Page):
    """The owner's page, which says yes to every question; it fails where the page logged an error."""
    errors: list[str] = []
    signed_in.on("pageerror", lambda error: errors.append(str(error)))
    signed_in.on("dialog", lambda dialog: dialog.accept())
    yield signed_in
    assert errors == []


def test_a_document_is_uploaded_indexed_asked_read_and_deleted(page_without_errors: Page, tmp_path):
    page = page_without_errors
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_label("Name of the new knowledge base").fill("Browser")
    page.get_by_role("button", name="Create base").click()
    broken = tmp_path / "broken.bin"
    broken.write_bytes(b"\x00\xff")
    page.get_by_label("Upload files").set_input_files([PROTOCOL, broken])
    expect(page.get_by_role("alert")).to_contain_text("broken.bin")
    document = page.get_by_test_id("document")
    expect(document).to_have_attribute("data-status", "ready", timeout=240_000)
    expect(document).to_contain_text("Ready")

    page.get_by_label("Question").fill("What are parcel_id, weight_kg and fragile?")
    page.get_by_role("button", name="Ask", exact=True).click()
    hit = page.get_by_test_id("hit").first
    expect(hit).to_contain_text("parcel_id", timeout=20_000)
    expect(page.get_by_test_id("latency")).to_contain_text(" ms")
    page.reload()
    expect(hit).to_contain_text("parcel_id", timeout=20_000)

    hit.get_by_role("link").click()
    expect(page.get_by_role("heading", name=PROTOCOL.name)).to_be_visible()
    expect(page.get_by_test_id("passage").filter(has_text="parcel_id").first).to_be_visible()
    page.get_by_role("link", name="Browser").click()
    page.get_by_role("button", name=f"Delete {PROTOCOL.name}").click()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    page.get_by_role("button", name="Delete base").click()
    expect(page.get_by_text("“Browser” and its documents are deleted.")).to_be_visible()


def test_a_look_that_is_on_its_way_does_not_redraw_what_was_deleted(page_without_errors: Page, tmp_path):
    page = page_without_errors
    long = tmp_path / "long.md"  # it takes longer than the page waits before it looks
    long.write_text("\n\n".join(f"# Part {n}\n\n{'A parcel has an id. ' * 40}" for n in range(400)))
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_label("Name of the new knowledge base").fill("Raced")
    page.get_by_role("button", name="Create base").click()
    base = page.url
    late: list[Route] = []

    def keep_looks_waiting(route: Route) -> None:
        is_look = route.request.method == "GET" and route.request.headers.get("hx-request")
        late.append(route) if is_look else route.continue_()

    page.route(lambda url: url.startswith(base), keep_looks_waiting)
    with page.expect_request(lambda request: request.url.startswith(base) and request.method == "GET"):
        page.get_by_label("Upload files").set_input_files([long])
    with page.expect_event("requestfailed", lambda request: request == late[0].request):
        page.get_by_role("button", name="Delete long.md").click()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    expect(page.get_by_test_id("document")).to_have_count(0)


def test_a_key_is_shown_once_copied_and_revoked(page_without_errors: Page, context, live_app):
    page = page_without_errors
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Keys").click()
    page.get_by_role("textbox", name="Name").fill("Browser")
    page.get_by_role("button", name="Create key").click()
    secret = page.get_by_test_id("new-key").inner_text()
    assert secret.startswith("fb_")
    page.get_by_role("button", name="Copy key").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret

    page.reload()
    row = page.get_by_test_id("key").filter(has_text="Browser")
    expect(row).to_contain_text(secret[:8])
    assert secret not in page.content()
    row.get_by_role("button", name="Revoke Browser").click()
    expect(row).to_contain_text("Revoked")
    answer = context.request.get(f"{live_app.url}/v1/models", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 401
