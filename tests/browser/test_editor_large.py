"""A large flow from afar: boxes instead of whole nodes, with the same names for who listens, and every node still in hand."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.axe import found_on
from tests.browser.drawing import by_id, drag, draw, middle, node, port, saved, wire

pytestmark = [pytest.mark.browser, pytest.mark.integration]
ROWS, EACH = 6, 10


def large() -> dict:
    nodes = [
        node(f"p_{at}", "text.prompt", at % EACH * 320, at // EACH * 160, settings={"template": "{{ name }}"})
        for at in range(ROWS * EACH)
    ]
    wires = [wire(f"w_{at}", f"p_{at - 1}", f"p_{at}", "name") for at in range(ROWS * EACH) if at % EACH]
    return {"nodes": nodes, "wires": wires}


def test_from_afar_nodes_are_named_boxes_and_near_again_whole(signed_in: Page, live_app):
    page = signed_in
    page.set_viewport_size({"width": 1440, "height": 900})
    flow = draw(live_app, large())
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    boxes = page.locator(".flow-node.is-far")
    expect(boxes).to_have_count(ROWS * EACH)
    expect(page.locator(".far-name").first).to_be_visible()
    expect(page.locator(".react-flow__handle")).to_have_count(0)
    path = page.locator(".far-wires path").get_attribute("d")
    assert path and path.count("M") == len(flow["graph"]["wires"])
    # The first of each row lacks its input: said in words too.
    expect(page.get_by_role("article", name="Prompt, Problems: 1")).to_have_count(ROWS)
    expect(page.get_by_role("article", name="Prompt", exact=True)).to_have_count(ROWS * (EACH - 1))
    assert found_on(page) == []

    drag(page, middle(page.get_by_test_id("node-p_0")), (0, -40))
    assert by_id(saved(page, live_app, flow))["p_0"]["position"]["y"] < 0
    expect(boxes.and_(page.get_by_test_id("node-p_0"))).to_have_class(re.compile("is-selected"))

    page.keyboard.press("Shift+Digit2")
    expect(port(page, "p_0", "name")).to_be_visible()
    expect(boxes).to_have_count(0)
    expect(page.locator('.react-flow__edge[data-id="w_1"]')).to_be_attached()
    page.keyboard.press("Shift+Digit1")
    expect(boxes).to_have_count(ROWS * EACH)
