"""Point 8 with fingers: on a tablet's screen a node is chosen, moved and wired, the canvas panned and pinched."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.drawing import by_id, draw, empty_spot, head, middle, node, opened, port, saved

pytestmark = [pytest.mark.browser, pytest.mark.integration]
Point = tuple[float, float]
VIEW = "element => { const m = new DOMMatrix(getComputedStyle(element).transform); return [m.e, m.a] }"
MOVED = """([part, before, more]) => {
    const m = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform);
    return m[part] > before + more;
}"""


@pytest.fixture
def tablet(browser: Browser, live_app, owner_s_cookies):
    context = browser.new_context(viewport={"width": 768, "height": 1024}, has_touch=True)
    context.add_cookies(owner_s_cookies)
    yield context.new_page()
    context.close()


def fingers(session: CDPSession, kind: str, *points: Point) -> None:
    touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def swipe(session: CDPSession, begin: list[Point], end: list[Point]) -> None:
    fingers(session, "touchStart", *begin)
    for part in (0.1, 0.4, 0.7, 1):
        way = [
            (x + (to_x - x) * part, y + (to_y - y) * part)
            for (x, y), (to_x, to_y) in zip(begin, end, strict=True)
        ]
        fingers(session, "touchMove", *way)
    fingers(session, "touchEnd")


def view(page: Page) -> list[float]:
    return page.locator(".react-flow__viewport").evaluate(VIEW)


def test_point_8_fingers_choose_move_wire_pan_and_pinch(tablet: Page, live_app):
    page = tablet
    flow = draw(
        live_app,
        {
            "nodes": [node("start_1", "flow.start", 0, 0), node("prompt_1", "text.prompt", 60, 240)],
            "wires": [],
        },
    )
    with live_app.client() as client:
        graph = flow["graph"]
        graph["nodes"][1]["settings"] = {"template": "Hello, {{ name }}!"}
        body = {"graph": graph, "revision": flow["revision"]}
        client.put(f"/api/flows/{flow['id']}", json=body).raise_for_status()
    opened(page, live_app, flow)
    session = page.context.new_cdp_session(page)

    head(page, "prompt_1").tap()
    expect(page.get_by_test_id("node-prompt_1")).to_have_class(re.compile("is-selected"))
    expect(page.get_by_test_id("field-template")).to_be_visible()

    port(page, "start_1", "out").tap()
    port(page, "prompt_1", "name").tap()
    expect(page.locator(".react-flow__edge")).to_have_count(1)

    x, y = middle(head(page, "start_1"))
    swipe(session, [(x, y)], [(x + 40, y + 32)])
    graph = saved(page, live_app, flow)
    assert by_id(graph)["start_1"]["position"] != {"x": 0, "y": 0}
    assert [each["target_port"] for each in graph["wires"]] == ["name"]

    x, y = empty_spot(page)
    at, zoom = view(page)
    swipe(session, [(x, y)], [(x + 90, y)])
    page.wait_for_function(MOVED, arg=["e", at, 60])
    assert view(page)[1] == zoom
    page.get_by_role("button", name="Zoom out").tap()
    page.wait_for_function(
        "zoom => new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform).a < zoom",
        arg=zoom,
    )
    smaller = view(page)[1]
    swipe(session, [(x - 20, y), (x + 20, y)], [(x - 70, y), (x + 70, y)])
    page.wait_for_function(MOVED, arg=["a", smaller, 0.05])

    # On such a screen there is room for the canvas beside the panel, and a tap in the palette adds a node.
    canvas = page.locator(".canvas").bounding_box()
    assert canvas and canvas["width"] > 400
    page.get_by_role("button", name="Show the nodes").tap()
    page.get_by_test_id("palette-item-flow.reply").tap()
    expect(page.get_by_test_id("node-reply_1")).to_be_attached()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
