"""A flow on the canvas as the editor's tests handle it."""

from typing import Any

import httpx
from playwright.sync_api import FloatRect, Locator, Page, expect


def node(node_id: str, kind: str, x: float = 0, y: float = 0, **more: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "position": {"x": x, "y": y}, **more}


def wire(wire_id: str, source: str, target: str, port: str) -> dict[str, Any]:
    return {"id": wire_id, "source": source, "target": target, "target_port": port}


GREETING = {
    "nodes": [
        node("start_1", "flow.start", 0, 0),
        node("prompt_1", "text.prompt", 320, 0, settings={"template": "Hello, {{ name }}!"}),
        node("reply_1", "flow.reply", 640, 0),
    ],
    "wires": [wire("w_1", "start_1", "prompt_1", "name"), wire("w_2", "prompt_1", "reply_1", "content")],
    "notes": [],
    "frames": [],
}


def draw(live_app, graph: dict[str, Any] = GREETING) -> dict[str, Any]:
    """A new flow with this graph."""
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Drawn"}).raise_for_status().json()
        body = {"graph": graph, "revision": flow["revision"]}
        return client.put(f"/api/flows/{flow['id']}", json=body).raise_for_status().json()


FITTED = """() => {
  const shown = document.querySelector(".react-flow__viewport");
  return !new DOMMatrix(getComputedStyle(shown).transform).isIdentity;
}"""
"""Nodes are visible a moment before the canvas moves to show them all: places read in between are wrong a frame later."""


def opened(page: Page, live_app, flow: dict[str, Any]) -> Page:
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    expect(page.locator(".react-flow__pane")).to_be_visible()
    for drawn in flow["graph"]["nodes"]:
        expect(page.get_by_test_id(f"node-{drawn['id']}")).to_be_visible()
    if flow["graph"]["nodes"]:
        page.wait_for_function(FITTED)
    return page


def saved(page: Page, live_app, flow: dict[str, Any]) -> dict[str, Any]:
    """The graph as the server has it once the page says that it is saved."""
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
    with live_app.client() as client:
        answer: httpx.Response = client.get(f"/api/flows/{flow['id']}").raise_for_status()
    return answer.json()["graph"]


def by_id(graph: dict[str, Any], what: str = "nodes") -> dict[str, Any]:
    return {item["id"]: item for item in graph[what]}


def places(graph: dict[str, Any], what: str = "nodes") -> dict[str, tuple[float, float]]:
    return {item["id"]: (item["position"]["x"], item["position"]["y"]) for item in graph[what]}


def port(page: Page, node_id: str, name: str) -> Locator:
    return page.locator(f'[data-testid="node-{node_id}"] .react-flow__handle[data-handleid="{name}"]')


def drawn(page: Page, node_id: str) -> Locator:
    """What takes the focus of a node."""
    return page.locator(f'.react-flow__node[data-id="{node_id}"]')


def head(page: Page, node_id: str) -> Locator:
    return page.locator(f'[data-testid="node-{node_id}"] header')


def drag(page: Page, source: Locator | tuple[float, float], to: tuple[float, float]) -> None:
    """From the middle of an element, or a point, by as many pixels, with stops on the way: the first is where it begins."""
    x, y = middle(source) if isinstance(source, Locator) else source
    page.mouse.move(x, y)
    page.mouse.down()
    for part in (0.02, 0.3, 0.6, 0.9, 1, 1):
        page.mouse.move(x + to[0] * part, y + to[1] * part)
    page.mouse.up()


def pull(page: Page, source: Locator, target: Locator) -> None:
    """A wire from port to port."""
    (x, y), (to_x, to_y) = middle(source), middle(target)
    drag(page, (x, y), (to_x - x, to_y - y))


def middle(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return middle_of(box)


def middle_of(box: FloatRect) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def empty_spot(page: Page) -> tuple[float, float]:
    """On the canvas, below what is drawn in the tests."""
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] - 130
