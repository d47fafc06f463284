"""Publish, edit the draft, publish again, roll back: what visitors get on the page, over the API, on another site."""

import json

import pytest
from openai import NotFoundError, OpenAI

pytest.importorskip("playwright")
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.other_site import other_site
from tests.installation import Installation, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
PARCEL = "Make a parcel record.\nFields:\n- parcel_id: string\n- {{ question }}: string"
VAN = "Make a van record.\nFields:\n- van_id: string\n- {{ question }}: string"


def graph() -> dict:
    made = {
        "nodes": [
            {"id": "start_1", "type": "flow.start", "settings": {"example": "city"}},
            {"id": "prompt_1", "type": "text.prompt", "settings": {"template": PARCEL}},
            {"id": "model_1", "type": "language.local_model", "settings": {"temperature": 0}},
            {"id": "reply_1", "type": "flow.reply"},
        ],
        "wires": [
            {"id": "w1", "source": "start_1", "target": "prompt_1", "target_port": "question"},
            {"id": "w2", "source": "prompt_1", "target": "model_1", "target_port": "prompt"},
            {"id": "w3", "source": "model_1", "target": "reply_1", "target_port": "content"},
        ],
        "notes": [],
    }
    for place, node in enumerate(made["nodes"]):
        node["position"] = {"x": 320 * place, "y": 80}
    return made


@pytest.fixture
def flow(live_app: Installation) -> dict:
    with live_app.client() as client:
        made = client.post("/api/flows", json={"name": "Record desk"}).json()
        client.put(f"/api/flows/{made['id']}", json={"graph": graph(), "revision": 1}).raise_for_status()
        return made


@pytest.fixture
def nobody(browser: Browser):
    """A browser that has never been here."""
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
    context.close()


def ask(page: Page | FrameLocator, question: str = "city") -> str:
    """The reply, as it stands on the page."""
    turns = page.get_by_test_id("turn")
    before = turns.count()
    page.get_by_test_id("question").fill(question)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(turns).to_have_count(before + 1)
    expect(turns.last.get_by_role("button", name="Good answer")).to_be_visible(timeout=90_000)
    return turns.last.get_by_test_id("answer").inner_text()


def by_api(live_app: Installation, flow: dict) -> str:
    client = OpenAI(base_url=f"{live_app.url}/v1", api_key=live_app.key, max_retries=0)
    messages = [{"role": "user", "content": "city"}]
    answer = client.chat.completions.create(model=flow["slug"], messages=messages)
    return answer.choices[0].message.content or ""


def take_offline(page: Page) -> None:
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_test_id("offline").click()


def test_visitors_get_what_is_live_whatever_becomes_of_the_draft(
    signed_in: Page, live_app, flow, nobody: Page
):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    page.get_by_test_id("publish-button").click()
    page.get_by_test_id("publish-page").click()
    page.get_by_label("What is new").fill("Parcels")
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("live")).to_have_attribute("data-version", "1")
    page.get_by_test_id("switch-page").click()
    url = page.get_by_test_id("page-url").inner_text()

    streamed: list[str] = []
    nobody.on("response", lambda answer: streamed.append(answer.headers["content-type"]))
    nobody.goto(url)
    assert "parcel_id" in ask(nobody)
    assert "text/event-stream" in streamed
    assert "parcel_id" in by_api(live_app, flow)

    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    page.get_by_test_id("node-prompt_1").click()
    page.get_by_test_id("field-template").fill(VAN)
    page.get_by_test_id("field-template").blur()
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved", timeout=15_000)
    assert "parcel_id" in ask(nobody)
    assert "parcel_id" in by_api(live_app, flow)

    page.goto(f"{live_app.url}/publishing/{flow['id']}/")
    page.get_by_test_id("draft-changes").click()
    expect(page.get_by_test_id("changes")).to_contain_text("van_id")
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("live")).to_have_attribute("data-version", "2")
    assert "van_id" in ask(nobody)
    assert "van_id" in by_api(live_app, flow)

    page.get_by_test_id("roll-back").click()
    expect(page.get_by_test_id("live")).to_have_attribute("data-version", "1")
    assert "parcel_id" in ask(nobody)
    assert "parcel_id" in by_api(live_app, flow)

    nobody.reload()
    expect(nobody.get_by_test_id("turn")).to_have_count(4)
    nobody.get_by_role("button", name="Bad answer").last.click()
    nobody.get_by_label("What should the answer be?").last.fill('{"parcel_id": "PX-1"}')
    nobody.get_by_test_id("better").last.get_by_role("button", name="Send").click()
    expect(nobody.get_by_text("Thank you.").last).to_be_visible()
    page.goto(f"{live_app.url}/feedback/")
    expect(page.get_by_test_id("rating").first).to_contain_text("PX-1")

    page.goto(f"{live_app.url}/publishing/{flow['id']}/")
    take_offline(page)
    expect(page.get_by_test_id("live")).to_have_attribute("data-version", "")
    nobody.get_by_test_id("question").fill("city")
    nobody.get_by_role("button", name="Send", exact=True).click()
    expect(nobody.get_by_role("alert").last).to_contain_text("closed")
    with pytest.raises(NotFoundError):
        by_api(live_app, flow)


def compare(widget: FrameLocator) -> None:
    """A second answer beside the first; the model draws none, so that neither is better."""
    widget.get_by_role("button", name="Compare with a second answer").last.click()
    widget.get_by_role("button", name="Neither is better").click(timeout=90_000)
    expect(widget.get_by_test_id("pair").get_by_text("Thank you.")).to_be_visible()


def weight_of(page: Page, live_app: Installation) -> int:
    """Bytes of the widget's script and of its frame's scripts and styles, as they are sent."""
    parts = ("embed.js", "chat.js", "app.css")
    get = page.context.request.get
    return sum(int(get(f"{live_app.url}/static/dist/{part}").headers["content-length"]) for part in parts)


@pytest.mark.parametrize("mode", ["popup", "inline"])
def test_the_widget_answers_on_another_site_under_a_strict_policy(live_app, flow, nobody: Page, mode):
    reported: list[str] = []
    nobody.on("console", lambda said: reported.append(said.text) if said.type == "error" else None)
    with live_app.client() as client:
        path = f"/api/flows/{flow['id']}"
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
        address = client.patch(f"{path}/doors", json={"embed": True, "pairs": True}).json()["address"]
        look = f'data-mode="{mode}" data-target="#place" data-title="Ask us" data-colour="#0a7f5a"'
        look += ' data-greeting="Vans and parcels."'
        tag = f'<script src="{live_app.url}/static/dist/embed.js" data-bot="{address}" {look} async></script>'
        with other_site(live_app.url, tag) as site:
            client.patch(f"{path}/doors", json={"sites": [site]}).raise_for_status()
            nobody.goto(site)
            if mode == "popup":
                nobody.get_by_role("button", name="Ask us").click()
            widget = nobody.frame_locator("iframe")
            assert "parcel_id" in ask(widget)
            assert reported == [], reported
            assert weight_of(nobody, live_app) < 40_000

            assert widget.get_by_test_id("welcome-words").text_content() == "Vans and parcels."
            compare(widget)
            kept = client.get("/api/ratings", params={"flow": flow["id"], "kind": "pair"}).json()
            assert [row["tie"] for row in kept] == [True]

            client.patch(f"{path}/doors", json={"sites": ["https://other.example"]}).raise_for_status()
            widget.get_by_test_id("question").fill("city")
            widget.get_by_role("button", name="Send", exact=True).click()
            expect(widget.get_by_role("alert").last).to_contain_text("closed")
            with nobody.expect_console_message(lambda said: "frame-ancestors" in said.text):
                nobody.goto(site)
                if mode == "popup":
                    nobody.get_by_role("button", name="Ask us").click()


NOTES = b"# Parcels\n\nA parcel is late after two days.\n"


def retrieving(base: str) -> dict:
    """Answers with what it finds."""
    kinds = {
        "start_1": "flow.start",
        "find_1": "knowledge.retrieve",
        "say_1": "text.prompt",
        "reply_1": "flow.reply",
    }
    settings = {"find_1": {"base": base}, "say_1": {"template": "As it stands: {{ passages }}"}}
    wires = [
        ("start_1", "find_1", "question"),
        ("find_1", "say_1", "passages"),
        ("say_1", "reply_1", "content"),
    ]
    return {
        "nodes": [
            {"id": key, "type": kind, "settings": settings.get(key, {})} for key, kind in kinds.items()
        ],
        "wires": [
            {"id": source, "source": source, "target": target, "target_port": port}
            for source, target, port in wires
        ],
    }


def test_under_a_reply_stands_what_it_cites(live_app, flow, nobody: Page):
    with live_app.client() as client:
        base = client.post("/api/knowledge", json={"name": "Published notes"}).json()
        documents = f"/api/knowledge/{base['id']}/documents"
        client.post(documents, files={"files": ("notes.md", NOTES)}).raise_for_status()
        ready = lambda: all(row["status"] == "ready" for row in client.get(documents).json())  # noqa: E731
        wait_until(ready, seconds=120, what="the document")
        path = f"/api/flows/{flow['id']}"
        client.put(path, json={"graph": retrieving(base["id"]), "revision": 2}).raise_for_status()
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
        nobody.goto(client.patch(f"{path}/doors", json={"page": True}).json()["url"])
        assert "late after two days" in ask(nobody, "When is a parcel late?")
        sources = nobody.get_by_test_id("sources")
        sources.get_by_text("Sources").click()
        sources.get_by_text("notes.md").click()
        expect(sources.get_by_text("A parcel is late after two days.")).to_be_visible()
        client.patch(f"{path}/doors", json={"sources": "none"}).raise_for_status()
        nobody.reload()
        expect(nobody.get_by_test_id("answer")).to_be_visible()
        expect(sources).to_be_hidden()


def test_a_record_on_the_page_is_the_record_of_the_run(live_app, flow, nobody: Page):
    """What is shown as code is what the flow replied."""
    with live_app.client() as client:
        path = f"/api/flows/{flow['id']}"
        client.post(f"{path}/versions", json={}).raise_for_status()
        client.put(f"{path}/publication", json={"version": 1}).raise_for_status()
        nobody.goto(client.patch(f"{path}/doors", json={"page": True}).json()["url"])
        shown = ask(nobody)
        run = client.get(f"{path}/runs").json()[0]
    assert json.loads(shown) == json.loads(run["reply"])
