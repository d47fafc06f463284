"""Points 1 to 4: nodes come in by the palette, by a wire and into a wire; wires are drawn, refused and wired elsewhere."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.drawing import GREETING, by_id, drag, draw, empty_spot, middle, node, opened, port, saved

pytestmark = [pytest.mark.browser, pytest.mark.integration]


def test_points_1_and_2_nodes_come_by_palette_and_quick_add(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app)
    opened(page, live_app, flow)

    page.keyboard.press("/")
    search = page.get_by_test_id("palette-search")
    expect(search).to_be_focused()
    search.fill("tmplt")  # letters of a word in the description
    expect(page.get_by_test_id("palette-item-text.prompt")).to_be_visible()
    search.fill("prompt")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("node-prompt_2")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("palette-item-knowledge.retrieve").click()
    expect(page.get_by_test_id("node-retrieve_1")).to_be_visible()
    page.get_by_test_id("palette-item-text.prompt").drag_to(
        page.locator(".react-flow__pane"), target_position={"x": 120, "y": 560}
    )
    expect(page.get_by_test_id("node-prompt_3")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.locator(".flow-node")).to_have_count(3)

    # A wire let go on empty canvas asks what takes it; nodes that do not are not offered.
    x, y = empty_spot(page)
    from_x, from_y = middle(port(page, "prompt_1", "out"))
    drag(page, (from_x, from_y), (x - from_x, y - from_y))
    quick_add = page.get_by_test_id("quick-add")
    expect(quick_add.get_by_text("Local model", exact=True)).to_be_visible()
    expect(quick_add.get_by_text("Start", exact=True)).to_have_count(0)
    page.keyboard.type("local")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("node-local_model_1")).to_be_visible()
    wires = saved(page, live_app, flow)["wires"]
    assert [(one["source"], one["target"], one["target_port"]) for one in wires][2:] == [
        ("prompt_1", "local_model_1", "prompt")
    ]

    page.mouse.dblclick(x - 200, y + 20)
    expect(quick_add.get_by_text("Start", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(quick_add).to_have_count(0)


def test_points_3_and_4_wires_are_refused_with_a_reason_wired_elsewhere_and_take_in_nodes(
    signed_in: Page, live_app
):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    apart = [node("retrieve_1", "knowledge.retrieve", 320, 260), node("pairs_1", "reward.pairs", 0, 260)]
    flow = draw(live_app, {**GREETING, "nodes": [*GREETING["nodes"], *apart]})
    opened(page, live_app, flow)

    # While a wire is in hand, ports that do not take it are dim.
    page.mouse.move(*middle(port(page, "pairs_1", "out")))
    page.mouse.down()
    page.mouse.move(400, 700)
    question = page.locator('[data-testid="node-retrieve_1"] .port-row', has_text="question")
    expect(question).to_have_class(re.compile("is-dim"))
    page.mouse.move(*middle(port(page, "retrieve_1", "question")))
    page.mouse.up()
    expect(page.get_by_text("takes text, but 'out' gives Preferences")).to_be_visible()

    # The end of a wire is taken up and let go elsewhere.
    x, y = middle(port(page, "reply_1", "content"))
    to_x, to_y = middle(port(page, "retrieve_1", "question"))
    page.mouse.move(x - 16, y)
    drag(page, (x - 14, y), (to_x - x + 14, to_y - y))
    wires = by_id(saved(page, live_app, flow), "wires")
    assert (wires["w_2"]["target"], wires["w_2"]["target_port"]) == ("retrieve_1", "question")

    # The plus on a wire puts a node into it, and what stands behind it makes room.
    out_x, out_y = middle(port(page, "start_1", "out"))
    in_x, in_y = middle(port(page, "prompt_1", "name"))
    page.mouse.move((out_x + in_x) / 2 + 1, (out_y + in_y) / 2)
    page.mouse.move((out_x + in_x) / 2, (out_y + in_y) / 2)
    page.get_by_test_id("plus-w_1").click()
    expect(page.get_by_test_id("quick-add")).to_be_visible()
    page.keyboard.type("prompt")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("node-prompt_2")).to_be_visible()
    graph = saved(page, live_app, flow)
    wired = {(one["source"], one["target"]) for one in graph["wires"]}
    assert {("start_1", "prompt_2"), ("prompt_2", "prompt_1")} <= wired
    assert ("start_1", "prompt_1") not in wired
    nodes = by_id(graph)
    xs = [nodes[name]["position"]["x"] for name in ("start_1", "prompt_2", "prompt_1", "reply_1")]
    assert all(after - before >= 240 for before, after in zip(xs, xs[1:], strict=False)), xs
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("node-prompt_2")).to_have_count(0)
