"""Points 21, 22 and 24: commands by name, shortcuts, finding, menus; all of it without a mouse."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.drawing import GREETING, by_id, draw, drawn, empty_spot, head, middle, opened, port, saved

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def test_point_21_commands_shortcuts_and_finding(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app)
    opened(page, live_app, flow)

    page.keyboard.press("Control+k")
    palette = page.get_by_test_id("command-palette")
    expect(palette).to_be_visible()
    page.keyboard.type("select all")
    page.keyboard.press("Enter")
    expect(palette).to_have_count(0)
    expect(page.locator(".react-flow__node.selected")).to_have_count(3)
    page.keyboard.press("Control+k")
    expect(palette).to_be_visible()
    page.keyboard.type("knowledge retrieval")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("node-retrieve_1")).to_be_visible()

    page.get_by_test_id("tab-settings").focus()
    page.keyboard.press("?")
    sheet = page.get_by_test_id("key-sheet")
    expect(sheet.get_by_text("Tidy up everything")).to_be_visible()
    expect(sheet.get_by_text("Ctrl Shift L")).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page.get_by_test_id("tab-settings")).to_be_focused()

    page.keyboard.press("Control+f")
    expect(page.get_by_test_id("find")).to_be_visible()
    page.keyboard.type("hello")  # stands in the prompt's template alone
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("find")).to_have_count(0)
    expect(page.locator(".react-flow__node.selected")).to_have_attribute("data-id", "prompt_1")
    expect(drawn(page, "prompt_1")).to_be_focused()


def test_point_22_a_flow_is_drawn_and_run_by_keyboard_alone(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app, {**GREETING, "wires": GREETING["wires"][:1]})
    opened(page, live_app, flow)
    chosen = page.locator(".react-flow__node.selected")

    drawn(page, "start_1").focus()
    page.keyboard.press("Tab")
    expect(chosen).to_have_attribute("data-id", "prompt_1")
    page.keyboard.press("ArrowRight")
    expect(chosen).to_have_attribute("data-id", "reply_1")
    expect(drawn(page, "reply_1")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(drawn(page, "prompt_1")).to_be_focused()

    page.keyboard.press("c")
    expect(page.get_by_test_id("connect-list")).to_be_visible()
    page.keyboard.type("to reply")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Connected out to Reply.")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+ArrowDown")
    graph = saved(page, live_app, flow)
    assert ("prompt_1", "reply_1", "content") in {
        (one["source"], one["target"], one["target_port"]) for one in graph["wires"]
    }
    assert by_id(graph)["prompt_1"]["position"] == {"x": 320, "y": 8}

    page.keyboard.press("Enter")
    expect(page.get_by_test_id("field-template")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Good day, {{ name }}.")
    page.get_by_test_id("run-button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chat-input")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chat-reply")).to_have_text("Good day, Ada.", timeout=20_000)
    expect(page.locator("p.sr-only[aria-live]", has_text="Run finished")).to_have_count(1)


def test_point_24_each_menu_offers_what_applies_with_its_shortcut(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app)
    opened(page, live_app, flow)
    menu = page.get_by_test_id("context-menu")

    head(page, "prompt_1").click(button="right")
    off = menu.get_by_test_id("menu-off")
    expect(off).to_contain_text("Switch off")
    expect(off.locator("kbd")).to_have_text("Ctrl M")
    expect(menu.get_by_test_id("menu-unpin")).to_have_count(0)  # nothing is pinned
    off.click()
    expect(page.get_by_test_id("node-prompt_1").get_by_test_id("mode-badge")).to_have_text("Off")

    (out_x, out_y), (in_x, in_y) = (
        middle(port(page, "start_1", "out")),
        middle(port(page, "prompt_1", "name")),
    )
    page.mouse.click((out_x + in_x) / 2 + 20, (out_y + in_y) / 2, button="right")
    expect(menu.get_by_test_id("menu-insert-node")).to_be_visible()
    menu.get_by_test_id("menu-delete").click()
    expect(page.locator(".react-flow__edge")).to_have_count(1)

    page.mouse.click(*empty_spot(page), button="right")
    expect(menu.get_by_test_id("menu-tidy-up")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")  # the second item: a note
    expect(page.get_by_test_id("node-note_1")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("Control+a")
    head(page, "reply_1").click(button="right")
    expect(menu.get_by_test_id("menu-align-left").locator("kbd")).to_have_text("Alt A")
    menu.get_by_test_id("menu-delete").click()
    expect(page.locator(".react-flow__node")).to_have_count(0)
