"""Points 22 and 23: axe finds nothing on the editor in its states, light and dark."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.axe import found_in_both_themes
from tests.browser.drawing import GREETING, draw, head, node, opened

pytestmark = [pytest.mark.browser, pytest.mark.integration]

EVERYTHING = {
    **GREETING,
    "nodes": [
        *GREETING["nodes"],
        node("prompt_2", "text.prompt", 320, 200, mode="off", breakpoint=True),
        node(
            "prompt_3", "text.prompt", 320, 400, mode="bypass", on_error="port", pinned={"out": "as before"}
        ),
    ],
    "notes": [
        {"id": "note_1", "text": "# Why\nIt **greets**.", "position": {"x": 0, "y": 300}, "colour": "green"}
    ],
    "frames": [
        {
            "id": "frame_1",
            "title": "Greeting",
            "position": {"x": 290, "y": -60},
            "size": {"width": 300, "height": 640},
            "colour": "purple",
        }
    ],
}


def test_points_22_and_23_axe_finds_nothing_light_or_dark(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    found: list[str] = []

    def look(state: str) -> None:
        found.extend(f"{state}, {line}" for line in found_in_both_themes(page))

    with live_app.client() as client:
        empty = client.post("/api/flows", json={"name": "Empty"}).json()
    page.goto(f"{live_app.url}/flows/{empty['id']}/")
    expect(page.get_by_test_id("begin-flow")).to_be_visible()
    look("empty")

    opened(page, live_app, draw(live_app, EVERYTHING))
    look("with nodes")
    head(page, "prompt_3").click(button="right")
    expect(page.get_by_test_id("context-menu")).to_be_visible()
    look("node chosen and its menu")
    page.keyboard.press("Escape")
    dialogs = {"Control+k": "command-palette", "?": "key-sheet", "c": "connect-list", "Control+f": "find"}
    for key, shown in dialogs.items():
        page.keyboard.press(key)
        expect(page.get_by_test_id(shown)).to_be_visible()
        look(shown)
        page.keyboard.press("Escape")
        expect(page.get_by_test_id(shown)).to_have_count(0)
    page.get_by_test_id("tab-settings").click()
    for tab in ("chat", "trace"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_test_id(f"tab-{tab}")).to_be_focused()
        look(tab)
    page.set_viewport_size({"width": 768, "height": 1024})
    look("768 wide")
    page.set_viewport_size({"width": 390, "height": 844})
    bar = page.locator(".editor-header").bounding_box()
    assert bar and bar["height"] < 110, "two rows"
    more = page.get_by_role("button", name="More", exact=True)
    more.press("Enter")
    expect(page.get_by_role("menuitem", name="Share")).to_be_visible()
    look("390 wide and its menu")
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    assert found == []
