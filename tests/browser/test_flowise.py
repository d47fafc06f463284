"""The sample for ``flowise-embed`` 3.1.6 as our page shows it, on a page of somebody else, with the package unchanged."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page, expect

from tests.installation import Installation
from tests.npm_packages import unpacked

pytestmark = [pytest.mark.browser, pytest.mark.integration]
ASK = "Make a van record.\nFields:\n- van_id: string\n- seats: integer"
CDN = "https://cdn.jsdelivr.net/npm/flowise-embed@3.1.6/dist/web.js"
PAGE = """<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
{sample}
</html>"""


@contextmanager
def shop(page: str) -> Iterator[str]:
    """A page whose address is of another site than ours."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()


@pytest.fixture
def flow(live_app: Installation) -> dict:
    with live_app.client() as client:
        made = client.post("/api/flows", json={"name": "Van shop", "template": "describe-a-record"}).json()
        client.post(f"/api/flows/{made['id']}/versions", json={}).raise_for_status()
        client.put(f"/api/flows/{made['id']}/publication", json={"version": 1}).raise_for_status()
        return made


@pytest.fixture
def nobody(browser: Browser):
    """A browser that has never been here."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_widget_of_flowise_answers_on_another_site(live_app, flow, signed_in: Page, nobody: Page):
    ours = signed_in
    ours.goto(f"{live_app.url}/publishing/{flow['id']}/")
    ours.get_by_test_id("switch-flowise").click()
    expect(ours.get_by_test_id("state-flowise")).to_have_text("on")
    assert flow["id"] in ours.get_by_test_id("sample-flowise-curl").inner_text()
    ours.get_by_test_id("flowise-settings").click()
    settings = ours.locator("form:has(input[name=part][value=flowise])")
    settings.get_by_label("Whoever knows the flow's id may ask, without a key").check()
    settings.get_by_label("Example questions, one a line").fill("Which vans are there?\nHow many seats?")
    sample = ours.get_by_test_id("sample-flowise-embed").text_content()
    assert CDN in sample and flow["id"] in sample
    package = unpacked("flowise-embed", "3.1.6") / "dist" / "web.js"
    nobody.route(CDN, lambda asked: asked.fulfill(path=package, headers={"Access-Control-Allow-Origin": "*"}))
    with shop(PAGE.format(sample=sample)) as site:
        settings.get_by_label("Sites that may show it, one a line").fill(site)
        ours.get_by_test_id("save-flowise").click()
        expect(ours.locator("#doors").get_by_text("No site may show the widget yet")).to_have_count(0)

        streamed: list[str] = []
        nobody.on("response", lambda answer: streamed.append(answer.headers.get("content-type", "")))
        nobody.goto(site)
        nobody.locator("button[part=button]").click()
        expect(nobody.get_by_text("How many seats?")).to_be_visible()
        box = nobody.locator("flowise-chatbot textarea")
        box.fill(ASK)
        box.press("Enter")
        answer = nobody.locator(".chatbot-host-bubble").last
        expect(answer).to_contain_text("van_id", timeout=90_000)
        assert any(kind.startswith("text/event-stream") for kind in streamed)
        with nobody.expect_response(
            lambda got: "/api/v1/feedback/" in got.url and got.request.method == "POST"
        ) as rated:
            nobody.get_by_title("Thumbs Up").last.click()
        assert rated.value.json()["rating"] == "THUMBS_UP"
        with live_app.client() as client:
            kept = client.get("/api/ratings", params={"flow": flow["id"]}).json()
            assert [(row["kind"], row["up"]) for row in kept] == [("thumbs", True)]
            other = {"sites": ["https://other.example"]}
            client.patch(f"/api/flows/{flow['id']}/doors", json=other).raise_for_status()
        with nobody.expect_console_message(lambda said: "CORS" in said.text):
            nobody.reload()
            nobody.locator("button[part=button]").click()
