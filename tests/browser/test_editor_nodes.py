"""Points 8, 9 and 13, and what a node is told about how it runs."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, Route, expect

from tests.browser.drawing import by_id, drag, draw, empty_spot, head, opened, port, saved

pytestmark = [pytest.mark.browser, pytest.mark.integration]

MOVED = """before => {{
    const shown = document.querySelector('.react-flow__viewport');
    return new DOMMatrix(getComputedStyle(shown).transform).{part} {way} before;
}}"""


def view(page: Page) -> tuple[float, float, float]:
    """Where the canvas is scrolled to, and its zoom."""
    matrix = page.locator(".react-flow__viewport").evaluate(
        "element => { const m = new DOMMatrix(getComputedStyle(element).transform); return [m.e, m.f, m.a] }"
    )
    return tuple(matrix)


def test_points_8_and_9_the_canvas_pans_zooms_fits_and_the_map_jumps(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app)
    opened(page, live_app, flow)
    page.mouse.move(*empty_spot(page))
    x, y, zoom = view(page)
    page.mouse.wheel(60, 90)  # two fingers
    page.wait_for_function(MOVED.format(part="e", way="<"), arg=x)
    assert view(page)[1] < y and view(page)[2] == zoom
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_function(MOVED.format(part="a", way=">"), arg=zoom)
    # Held, the space bar drags the canvas even where a node is.
    at, _, _ = view(page)
    page.keyboard.down(" ")
    drag(page, head(page, "prompt_1"), (120, 0))
    page.keyboard.up(" ")
    assert view(page)[0] > at
    assert by_id(saved(page, live_app, flow))["prompt_1"]["position"] == {"x": 320, "y": 0}

    head(page, "start_1").click()
    page.keyboard.press("Shift+Digit1")
    page.wait_for_function(MOVED.format(part="a", way="<"), arg=1)
    whole = view(page)[2]
    page.keyboard.press("Shift+Digit2")
    page.wait_for_function(MOVED.format(part="a", way=">"), arg=whole)

    at, _, _ = view(page)
    small = page.locator(".react-flow__minimap svg").bounding_box()
    assert small
    page.mouse.click(small["x"] + small["width"] - 12, small["y"] + small["height"] / 2)
    page.wait_for_function(MOVED.format(part="e", way="<"), arg=at)
    page.get_by_test_id("run-button").click()
    page.get_by_test_id("chat-input").fill("Ada")
    page.get_by_test_id("chat-send").click()
    expect(page.get_by_test_id("chat-reply")).to_be_visible(timeout=20_000)
    expect(page.locator(".react-flow__minimap-node.map-finished")).to_have_count(3)


def test_point_13_problems_stand_at_the_setting_and_on_the_node_and_no_save_fails_silently(
    signed_in: Page, live_app
):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app)
    opened(page, live_app, flow)
    page.get_by_test_id("palette-item-language.local_model").click()
    model = page.get_by_test_id("node-local_model_1")
    expect(model.get_by_test_id("problem-badge")).to_be_visible()
    tokens = page.get_by_test_id("field-max_new_tokens")
    tokens.fill("-3")
    expect(page.get_by_test_id("inspector").get_by_text("At least 1.", exact=True)).to_be_visible()
    expect(tokens).to_have_attribute("aria-invalid", "true")

    def refuse(route: Route) -> None:
        if route.request.method == "GET":
            route.continue_()
        else:
            route.fulfill(status=500, json={"error": {"message": "The disk is full."}})

    page.route("**/api/flows/*/edits", refuse)
    page.get_by_test_id("flow-name").fill("Another name")
    page.get_by_test_id("flow-name").press("Enter")
    state = page.get_by_test_id("save-state")
    expect(state).to_have_attribute("data-state", "failed")
    expect(state).to_contain_text("The disk is full.")
    page.unroute("**/api/flows/*/edits")
    expect(state).to_have_attribute("data-state", "saved", timeout=20_000)


def test_a_node_is_switched_off_bypassed_given_an_error_port_and_a_breakpoint(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app)
    opened(page, live_app, flow)
    shown = page.get_by_test_id("node-prompt_1")
    head(page, "prompt_1").click()
    page.get_by_test_id("node-on-error").check()
    expect(port(page, "prompt_1", "error")).to_be_visible()
    page.get_by_test_id("node-breakpoint").check()
    expect(shown.get_by_test_id("breakpoint-dot")).to_be_visible()
    page.get_by_test_id("node-mode").select_option("off")
    expect(shown.get_by_test_id("mode-badge")).to_have_text("Off")
    head(page, "prompt_1").click()
    page.locator('.react-flow__node[data-id="prompt_1"]').focus()
    page.keyboard.press("Control+b")
    expect(shown.get_by_test_id("mode-badge")).to_have_text("Bypassed")
    kept = by_id(saved(page, live_app, flow))["prompt_1"]
    assert (kept["mode"], kept["on_error"], kept["breakpoint"]) == ("bypass", "port", True)
