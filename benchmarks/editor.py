"""The editor in Chromium at 20, 200 and 1000 nodes: frame times, time to ready, heap, page weight, streamed tokens.

Drag, pan and zoom are real input; a frame time is what lies between two animation frames of the page. Where the
machine is busy with other things frames wait for it, so processor time is told as well: of the page (scripts, layout
and, without a graphics card, painting) and of the screen (putting painted tiles together), for each frame. Tokens come
from this script in place of the run's socket, so that the page alone is measured. From the project's root:

    .venv/bin/python -m benchmarks.editor
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from statistics import quantiles
from typing import Any

import psutil
from playwright.sync_api import CDPSession, Page, WebSocketRoute, sync_playwright

from benchmarks.installed import installed
from tests.browser.signing_in import sign_in
from tests.installation import Installation

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
CHROMIUM += ["--disable-component-update", "--enable-precise-memory-info", "--js-flags=--expose-gc"]
EACH_ROW = 20
DROPPED_MS = 25
FRAMES = """() => {
    const frames = (window.frames_seen = []);
    let last = performance.now();
    const tick = (now) => { frames.push(now - last); last = now; window.ticking = requestAnimationFrame(tick); };
    window.ticking = requestAnimationFrame((now) => { last = now; window.ticking = requestAnimationFrame(tick); });
}"""
SEEN = "() => { cancelAnimationFrame(window.ticking); return window.frames_seen; }"


def main() -> None:
    options = parse()
    with installed() as installation, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, installation)
        for count in options.nodes:
            report({"nodes": count, **measure(page, installation, count, options.seconds)})
        report({"tokens": streamed(page, installation, options.rate, options.seconds)})
        browser.close()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--nodes", type=int, nargs="+", default=[20, 200, 1000])
    parser.add_argument("--seconds", type=float, default=3, help="of each gesture, and of streaming")
    parser.add_argument("--rate", type=float, default=100, help="tokens a second")
    return parser.parse_args()


def report(found: dict[str, Any]) -> None:
    print(json.dumps({**found, "load": round(os.getloadavg()[0], 1)}), flush=True)


def measure(page: Page, installation: Installation, count: int, seconds: float) -> dict[str, Any]:
    flow = drawn(installation, graph_of(count))
    loaded = page.context.new_cdp_session(page)
    weight = weighed(loaded)
    began = time.perf_counter()
    page.goto(f"{installation.url}/flows/{flow}/")
    page.locator(".flow-node").first.wait_for()
    ready = time.perf_counter() - began
    first = sum(weight.values())
    page.wait_for_timeout(1500)  # validation and ports have come, and the view has settled
    # Zoomed in to where a person works; the whole of a thousand nodes is the other extreme, and is panned as well.
    result: dict[str, Any] = {"ready_s": round(ready, 2), "ready_kb": round(first / 1000, 1)}
    result["pan_all"] = timed(page, lambda: panned(page, seconds))
    page.keyboard.press("Shift+Digit0")
    page.wait_for_timeout(600)
    result["pan"] = timed(page, lambda: panned(page, seconds))
    result["zoom"] = timed(page, lambda: zoomed(page, seconds))
    page.keyboard.press("Shift+Digit1")
    page.wait_for_timeout(600)
    page.keyboard.press("Shift+Digit0")
    page.wait_for_timeout(600)
    result["drag"] = timed(page, lambda: dragged(page, seconds))
    page.evaluate("() => gc()")
    result["heap_mb"] = round(page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6, 1)
    result["weight_kb"] = round(sum(weight.values()) / 1000, 1)
    loaded.detach()
    return result


def weighed(session: CDPSession) -> dict[str, float]:
    """Bytes of everything but the API's answers, compressed as they were sent, by request; nothing from the cache."""
    sizes: dict[str, float] = {}
    heads: dict[str, float] = {}
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def began(event: dict[str, Any]) -> None:
        if "/api/" not in event["response"]["url"]:
            heads[event["requestId"]] = event["response"]["encodedDataLength"]

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] in heads:
            sizes[event["requestId"]] = event["encodedDataLength"] - heads[event["requestId"]]

    session.on("Network.responseReceived", began)
    session.on("Network.loadingFinished", finished)
    return sizes


def graph_of(count: int) -> dict[str, Any]:
    """Rows of prompts, each fed by the one before it."""
    nodes = [
        {
            "id": f"prompt_{at}",
            "type": "text.prompt",
            "settings": {"template": "Say {{ name }} in other words."},
            "position": {"x": at % EACH_ROW * 320, "y": at // EACH_ROW * 160},
        }
        for at in range(count)
    ]
    wires = [
        {"id": f"w_{at}", "source": f"prompt_{at - 1}", "target": f"prompt_{at}", "target_port": "name"}
        for at in range(count)
        if at % EACH_ROW
    ]
    return {"nodes": nodes, "wires": wires}


def drawn(installation: Installation, graph: dict[str, Any]) -> str:
    with installation.client() as client:
        flow = client.post("/api/flows", json={"name": f"{len(graph['nodes'])} nodes"}).json()
        body = {"graph": graph, "revision": flow["revision"]}
        client.put(f"/api/flows/{flow['id']}", json=body).raise_for_status()
    return str(flow["id"])


def timed(page: Page, gesture: Callable[[], object]) -> dict[str, float]:
    page.evaluate(FRAMES)
    before = browser_seconds()
    gesture()
    frames = page.evaluate(SEEN)
    spent = {part: seconds - before.get(part, 0) for part, seconds in browser_seconds().items()}
    return {**summed(frames), **{f"{part}_ms": round(1000 * spent[part] / len(frames), 1) for part in spent}}


def browser_seconds() -> dict[str, float]:
    """Processor time so far of what draws the page, and of what puts it on the screen."""
    spent = {"page": 0.0, "screen": 0.0}
    for process in psutil.Process().children(recursive=True):
        try:
            command = process.cmdline()
            part = {"--type=renderer": "page", "--type=gpu-process": "screen"}
            for kind in part.keys() & set(command):
                spent[part[kind]] += sum(process.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return spent


def summed(frames: list[float]) -> dict[str, float]:
    parts = quantiles(frames, n=100)
    return {
        "frames": len(frames),
        "p50": round(parts[49], 1),
        "p95": round(parts[94], 1),
        "max": round(max(frames), 1),
        "dropped": sum(frame > DROPPED_MS for frame in frames),
    }


def panned(page: Page, seconds: float) -> None:
    page.mouse.move(700, 450)
    until = time.monotonic() + seconds
    way = 1
    while time.monotonic() < until:
        for _ in range(20):
            page.mouse.wheel(8 * way, 6 * way)
        way = -way


def zoomed(page: Page, seconds: float) -> None:
    page.mouse.move(700, 450)
    page.keyboard.down("Control")
    until = time.monotonic() + seconds
    way = 1
    while time.monotonic() < until:
        for _ in range(10):
            page.mouse.wheel(0, 12 * way)
        way = -way
    page.keyboard.up("Control")


def dragged(page: Page, seconds: float, meanwhile: Callable[[], object] = lambda: None) -> None:
    heads = page.locator(".flow-node header")
    boxes = [box for at in range(heads.count()) if (box := heads.nth(at).bounding_box())]
    box = min(boxes, key=lambda found: abs(found["x"] - 600) + abs(found["y"] - 400))
    x, y = box["x"] + 60, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    until = time.monotonic() + seconds
    step = 0
    while time.monotonic() < until:
        step += 1
        meanwhile()
        page.mouse.move(x + step % 120, y + step % 90)
    page.mouse.up()


def streamed(page: Page, installation: Installation, rate: float, seconds: float) -> dict[str, Any]:
    """A node that streams, among twenty, while another is dragged; what the page shows of it, and how its frames fared."""
    flow = drawn(installation, graph_of(20))
    sockets: list[WebSocketRoute] = []
    page.route_web_socket(
        "**/ws/runs/*", lambda socket: sockets.append(socket)
    )  # a method of a list is refused
    page.route(
        f"**/api/flows/{flow}/runs",
        lambda route: (
            route.fulfill(status=202, json={"id": "streamed"})
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.goto(f"{installation.url}/flows/{flow}/")
    page.locator(".flow-node").first.wait_for()
    page.wait_for_timeout(1000)
    quiet = timed(page, lambda: dragged(page, seconds))
    page.get_by_test_id("run-button").click()
    while not sockets:
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    seq = 0

    def tell(kind: str, node: str = "", **data: Any) -> None:
        nonlocal seq
        seq += 1
        event = {"seq": seq, "type": kind, "node": node, "at": time.time(), "data": data}
        sockets[-1].send(json.dumps(event))

    tell("run.started")
    tell("node.started", "prompt_3", inputs={}, attempt=1)
    began = time.monotonic()
    sent = 0

    def stream() -> None:
        nonlocal sent
        while sent < (time.monotonic() - began) * rate:
            tell("node.token", "prompt_3", text=f" word{sent}")
            sent += 1

    streaming = timed(page, lambda: dragged(page, seconds, stream))
    page.wait_for_timeout(200)
    shown = page.get_by_test_id("node-prompt_3").inner_text()
    return {
        "sent": sent,
        "last_shown": f"word{sent - 1}" in shown,
        "dragged": quiet,
        "dragged_while_streaming": streaming,
    }


if __name__ == "__main__":
    main()
