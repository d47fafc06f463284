"""Points 7, 10 and 11: selecting several, lining up, guides, layout, notes and frames."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.drawing import (
    GREETING,
    by_id,
    drag,
    draw,
    drawn,
    head,
    middle,
    node,
    opened,
    places,
    saved,
)

WATCH_TIDYING = """() => {
  const look = () => { window.tidied ||= document.body.classList.contains("is-tidying"); };
  new MutationObserver(look).observe(document.body, { attributes: true });
}"""
"""The movement is over sooner than a busy machine looks."""
pytestmark = [pytest.mark.browser, pytest.mark.integration]


def test_point_7_marquee_align_distribute_grid_and_guides(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    crooked = {**GREETING, "nodes": [dict(one) for one in GREETING["nodes"]]}
    for one, (x, y) in zip(crooked["nodes"], [(0, 0), (300, 47), (700, 100)], strict=True):
        one["position"] = {"x": x, "y": y}
    flow = draw(live_app, crooked)
    opened(page, live_app, flow)
    chosen = page.locator(".react-flow__node.selected")

    left, right = page.get_by_test_id("node-start_1").bounding_box(), head(page, "prompt_1").bounding_box()
    assert left and right
    page.keyboard.down("Shift")
    drag(page, (left["x"] - 10, left["y"] - 30), (right["x"] + 60 - left["x"], 230))
    page.keyboard.up("Shift")
    expect(chosen).to_have_count(2)
    head(page, "reply_1").click(modifiers=["Shift"])
    expect(chosen).to_have_count(3)
    head(page, "start_1").click(modifiers=["Shift"])
    expect(chosen).to_have_count(2)
    page.keyboard.press("Control+a")
    expect(chosen).to_have_count(3)

    page.keyboard.press("Alt+w")
    page.keyboard.press("Alt+Shift+H")
    placed = places(saved(page, live_app, flow))
    assert [y for _, y in placed.values()] == [0, 0, 0]
    xs = [x for x, _ in placed.values()]
    assert abs((xs[1] - xs[0]) - (xs[2] - xs[1])) <= 1

    # Near the others' edge what is dragged catches on it and a guide is drawn; elsewhere it goes by the grid.
    page.keyboard.press("Escape")
    drag(page, head(page, "reply_1"), (0, 150))
    x, y = middle(head(page, "reply_1"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 2, y - 2)
    page.mouse.move(x - 40, y - 80)
    page.mouse.move(x - 40, y - 147)
    expect(page.get_by_test_id("guide").first).to_be_visible()
    page.mouse.up()
    expect(page.get_by_test_id("guide")).to_have_count(0)
    placed = places(saved(page, live_app, flow))
    assert placed["reply_1"][1] == placed["prompt_1"][1]


def test_point_10_a_layout_of_all_or_some_is_one_step(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    heap = {
        **GREETING,
        "nodes": [
            dict(one, position={"x": 30 * at, "y": 110 * at}) for at, one in enumerate(GREETING["nodes"])
        ],
    }
    flow = draw(live_app, heap)
    opened(page, live_app, flow)
    head(page, "start_1").click()
    head(page, "prompt_1").click(modifiers=["Shift"])
    drawn(page, "prompt_1").focus()
    page.keyboard.press("Control+Shift+l")
    expect(page.get_by_test_id("undo-button")).to_be_enabled(timeout=20_000)
    some = places(saved(page, live_app, flow))
    assert some["reply_1"] == places(heap)["reply_1"]
    assert some["prompt_1"][0] - some["start_1"][0] > 236
    page.keyboard.press("Escape")
    page.evaluate(WATCH_TIDYING)
    page.get_by_test_id("layout-button").click()
    page.wait_for_function("() => window.tidied")
    expect(page.locator("body.is-tidying")).to_have_count(0)
    every = places(saved(page, live_app, flow))
    assert every["start_1"][0] < every["prompt_1"][0] < every["reply_1"][0]
    page.get_by_test_id("undo-button").click()
    page.get_by_test_id("undo-button").click()
    expect(page.get_by_test_id("undo-button")).to_be_disabled()
    assert places(saved(page, live_app, flow)) == places(heap)


def test_point_11_notes_and_frames(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(
        live_app, {**GREETING, "nodes": [*GREETING["nodes"], node("prompt_2", "text.prompt", 320, 300)]}
    )
    opened(page, live_app, flow)

    page.mouse.move(*middle(page.locator(".react-flow__pane")))
    page.keyboard.press("n")
    note = page.get_by_test_id("node-note_1")
    note.get_by_label("Note, in Markdown").fill("# Why\n\n- **greets**")
    page.keyboard.press("Escape")
    expect(note.get_by_text("Why", exact=True)).to_be_visible()
    expect(note.locator("li b")).to_have_text("greets")
    page.get_by_role("button", name="green").click()
    handle = drawn(page, "note_1").locator(".react-flow__resize-control.handle.bottom.right")
    drag(page, handle, (80, 40))
    kept = by_id(saved(page, live_app, flow), "notes")["note_1"]
    assert kept["colour"] == "green"
    assert kept["size"]["width"] > 240 and kept["size"]["height"] > 120

    head(page, "start_1").click()
    head(page, "prompt_1").click(modifiers=["Shift"])
    drawn(page, "prompt_1").focus()
    page.keyboard.press("f")
    frame = page.get_by_test_id("node-frame_1")
    frame.get_by_label("Title of the frame").fill("Greeting")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="purple").click()
    before = places(saved(page, live_app, flow))
    drag(page, frame.locator(".frame-head"), (0, -80))
    graph = saved(page, live_app, flow)
    after = places(graph)
    moved = {name for name in after if after[name] != before[name]}
    assert moved == {"start_1", "prompt_1"}
    assert after["start_1"][1] - before["start_1"][1] == after["prompt_1"][1] - before["prompt_1"][1] < 0
    assert by_id(graph, "frames")["frame_1"] | {"position": 0, "size": 0} == {
        "id": "frame_1",
        "title": "Greeting",
        "colour": "purple",
        "position": 0,
        "size": 0,
    }
    page.keyboard.press("Control+z")
    assert places(saved(page, live_app, flow)) == before
