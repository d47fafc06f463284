"""Points 5 and 6: every gesture is one step back, and a selection travels by the system clipboard."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.drawing import (
    GREETING,
    by_id,
    drag,
    draw,
    drawn,
    empty_spot,
    head,
    opened,
    places,
    saved,
)

pytestmark = [pytest.mark.browser, pytest.mark.integration]
STEPS = 110


def test_point_5_more_than_a_hundred_steps_go_back_and_a_gesture_is_one(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app)
    opened(page, live_app, flow)
    undo = page.get_by_test_id("undo-button")

    drag(page, head(page, "prompt_1"), (64, 96))
    expect(undo).to_be_enabled()
    page.keyboard.press("Control+z")
    expect(undo).to_be_disabled()
    assert places(saved(page, live_app, flow)) == places(GREETING)

    head(page, "prompt_1").click()
    template = page.get_by_test_id("field-template")
    template.press_sequentially(" and more", delay=10)
    template.press("Control+z")  # inside a field the browser's own
    expect(template).not_to_have_value("Hello, {{ name }}! and more")
    template.fill("Dear {{ name }}")
    drawn(page, "prompt_1").focus()
    page.keyboard.press("Control+z")
    expect(template).to_have_value("Hello, {{ name }}!")
    expect(undo).to_be_disabled()

    for step in range(STEPS):
        page.keyboard.press("Control+b" if step % 2 else "Control+m")
    for _ in range(STEPS):
        page.keyboard.press("Control+z")
    expect(undo).to_be_disabled()
    expect(page.get_by_test_id("node-prompt_1")).to_have_attribute("data-mode", "on")
    for _ in range(STEPS):
        page.keyboard.press("Control+Shift+z")
    expect(page.get_by_test_id("redo-button")).to_be_disabled()
    expect(page.get_by_test_id("node-prompt_1")).to_have_attribute("data-mode", "bypass")


def test_point_6_a_selection_travels_across_flows_and_tabs_to_the_pointer(
    signed_in: Page, live_app, context: BrowserContext
):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow, other = draw(live_app), draw(live_app)
    opened(page, live_app, flow)
    head(page, "start_1").click()
    head(page, "prompt_1").click(modifiers=["Shift"])
    drawn(page, "prompt_1").focus()
    page.keyboard.press("Control+c")

    tab = context.new_page()
    tab.set_viewport_size({"width": 1440, "height": 900})
    opened(tab, live_app, other)
    spot = empty_spot(tab)
    tab.mouse.move(*spot)
    tab.keyboard.press("Control+v")
    expect(tab.get_by_test_id("node-prompt_2")).to_be_visible()
    graph = saved(tab, live_app, other)
    assert by_id(graph)["prompt_2"]["settings"] == by_id(GREETING)["prompt_1"]["settings"]
    assert ("start_2", "prompt_2") in {(one["source"], one["target"]) for one in graph["wires"]}
    left, right = (
        tab.get_by_test_id("node-start_2").bounding_box(),
        tab.get_by_test_id("node-prompt_2").bounding_box(),
    )
    assert left and right
    assert abs((left["x"] + right["x"]) / 2 - spot[0]) < 20 and abs(left["y"] - spot[1]) < 20

    tab.keyboard.press("Control+d")
    expect(tab.get_by_test_id("node-prompt_3")).to_be_visible()
    tab.keyboard.press("Control+x")
    expect(tab.get_by_test_id("node-prompt_3")).to_have_count(0)
    tab.close()
    page.mouse.move(*empty_spot(page))
    page.keyboard.press("Control+v")
    expect(page.get_by_test_id("node-prompt_2")).to_be_visible()
    # The menu's items go by the same clipboard.
    head(page, "reply_1").click(button="right")
    page.get_by_test_id("menu-copy").click()
    x, y = empty_spot(page)
    page.mouse.click(x, y - 560, button="right")
    page.get_by_test_id("menu-paste").click()
    expect(page.get_by_test_id("node-reply_2")).to_be_visible()
