"""The real ``flowise-embed`` 3.1.6, unchanged, on a page of somebody else; and our own page about it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page, expect

from tests.installation import Installation
from tests.npm_packages import unpacked

pytestmark = [pytest.mark.browser, pytest.mark.integration]
ASK = "Make a van record.\nFields:\n- van_id: string\n- seats: integer"
PAGE = """<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
<script type="module">
  import Chatbot from "/web.js";
  Chatbot.init({{ chatflowid: "{flow}", apiHost: "{ours}", theme: {{ button: {{ autoWindowOpen: {{ autoOpen: false }} }} }} }});
</script></html>"""


@contextmanager
def shop(page: str) -> Iterator[str]:
    """A page with the package's own file beside it; its address is of another site than ours."""
    folder = unpacked("flowise-embed", "3.1.6") / "dist"

    class Shop(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def translate_path(self, path: str) -> str:
            return str(folder / Path(path).name)

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
    with shop(PAGE.format(flow=flow["id"], ours=live_app.url)) as site:
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
