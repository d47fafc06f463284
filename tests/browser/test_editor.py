"""The editor in Debian's Chromium against a whole installation."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.drawing import opened

pytestmark = [pytest.mark.browser, pytest.mark.integration]


@pytest.fixture
def hello(signed_in: Page, live_app):
    """A page on a fresh flow made from the smallest template; it fails where the page logged an error."""
    errors: list[str] = []
    signed_in.on("pageerror", lambda error: errors.append(str(error)))
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Hello", "template": "hello"}).json()
    signed_in.set_viewport_size({"width": 1440, "height": 900})
    opened(signed_in, live_app, flow)
    yield signed_in, flow
    assert errors == []


def saved(page: Page) -> None:
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")


def stored(live_app, flow) -> dict:
    with live_app.client() as client:
        return client.get(f"/api/flows/{flow['id']}").json()


def port(page: Page, node: str, name: str):
    return page.locator(f'[data-testid="node-{node}"] .react-flow__handle[data-handleid="{name}"]')


def pull(page: Page, source, target) -> None:
    source.hover()
    page.mouse.down()
    target.hover()
    target.hover()
    page.mouse.up()


def test_the_draft_runs_and_its_reply_and_trace_are_shown(hello):
    page, _ = hello
    page.get_by_test_id("run-button").click()
    page.get_by_test_id("chat-input").fill("Ada")
    page.get_by_test_id("chat-send").click()
    expect(page.get_by_test_id("chat-reply")).to_have_text("Hello, Ada!", timeout=20_000)
    expect(page.get_by_test_id("node-prompt_1")).to_have_attribute("data-status", "finished")
    page.get_by_test_id("tab-trace").click()
    row = page.get_by_test_id("trace-node-prompt_1")
    row.locator("summary").click()
    expect(row).to_contain_text("Ada")
    expect(row).to_contain_text("Hello, Ada!")


def test_a_changed_setting_changes_ports_is_saved_and_can_be_undone(hello, live_app):
    page, flow = hello
    page.get_by_test_id("node-prompt_1").click()
    page.get_by_test_id("field-template").fill("Dear {{ title }} {{ name }}")
    expect(port(page, "prompt_1", "title")).to_be_visible()
    expect(page.get_by_test_id("problems-button")).to_contain_text("1 problem")
    saved(page)
    assert (
        stored(live_app, flow)["graph"]["nodes"][1]["settings"]["template"] == "Dear {{ title }} {{ name }}"
    )
    page.get_by_test_id("undo-button").click()
    expect(page.get_by_test_id("field-template")).to_have_value("Hello, {{ name }}!")
    page.get_by_test_id("redo-button").click()
    expect(page.get_by_test_id("field-template")).to_have_value("Dear {{ title }} {{ name }}")


def test_a_node_is_found_added_wired_and_a_circle_is_refused(hello, live_app):
    page, flow = hello
    page.keyboard.press("/")
    page.get_by_test_id("palette-search").fill("prmpt")
    page.keyboard.press("Enter")
    added = page.get_by_test_id("node-prompt_2")
    expect(added).to_be_visible()
    page.keyboard.press("Escape")
    pull(page, port(page, "prompt_2", "out"), port(page, "prompt_1", "name"))
    pull(page, port(page, "prompt_1", "out"), port(page, "prompt_2", "context"))
    expect(page.get_by_text("close a circle")).to_be_visible()
    saved(page)
    wires = stored(live_app, flow)["graph"]["wires"]
    assert [(wire["source"], wire["target"]) for wire in wires][2:] == [("prompt_2", "prompt_1")]


def test_copy_paste_delete_and_undo(hello, context):
    page, _ = hello
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("node-prompt_1").click()
    page.locator(".react-flow__node[data-id=prompt_1]").focus()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(page.get_by_test_id("node-prompt_2")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("node-prompt_2")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("node-prompt_2")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("node-prompt_2")).to_have_count(0)


def test_tidying_up_is_one_step(hello, live_app):
    page, flow = hello
    before = [node["position"] for node in flow["graph"]["nodes"]]
    page.get_by_test_id("layout-button").click()
    expect(page.get_by_test_id("undo-button")).to_be_enabled()
    page.get_by_test_id("undo-button").click()
    expect(page.get_by_test_id("undo-button")).to_be_disabled()
    saved(page)
    assert [node["position"] for node in stored(live_app, flow)["graph"]["nodes"]] == before


def test_publishing_freezes_a_version_and_shows_how_to_call_it(hello, live_app):
    page, flow = hello
    page.get_by_test_id("publish-button").click()
    page.get_by_test_id("publish-note").fill("First")
    page.get_by_test_id("publish-confirm").click()
    expect(page.get_by_test_id("publish-endpoint")).to_contain_text("/v1/chat/completions")
    expect(page.get_by_test_id("publish-model")).to_have_text(re.compile(r"^hello"))
    page.get_by_test_id("publish-done").click()
    assert stored(live_app, flow)["published_version"] == 1


def test_an_empty_flow_tells_a_newcomer_what_to_do(signed_in, live_app):
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Nothing yet"}).json()
    signed_in.goto(f"{live_app.url}/flows/{flow['id']}/")
    signed_in.get_by_test_id("begin-flow").click()
    expect(signed_in.get_by_test_id("node-reply_1")).to_be_visible()
    expect(signed_in.get_by_test_id("problems-button")).to_contain_text("Ready to run")


def test_no_request_leaves_for_another_host(hello, live_app):
    page, flow = hello
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.reload()
    expect(page.get_by_test_id("node-prompt_1")).to_be_visible()
    assert hosts == {live_app.url.split("/")[2]}


def test_a_run_that_still_goes_on_is_shown_to_whoever_opens_the_flow(signed_in, live_app):
    page = signed_in
    graph = {
        "nodes": [
            {"id": "pairs_1", "type": "reward.pairs"},
            {"id": "taste_1", "type": "training.reward_model", "settings": {"steps": 5000, "batch_size": 2}},
        ],
        "wires": [{"id": "w", "source": "pairs_1", "target": "taste_1", "target_port": "preferences"}],
    }
    pair = '{"prompt": "?", "chosen": "yes", "rejected": "no"}'
    graph["nodes"][0]["settings"] = {"pairs": "\n".join([pair] * 4)}
    with live_app.client() as client:
        flow = client.post("/api/flows", json={"name": "Long"}).json()
        client.put(f"/api/flows/{flow['id']}", json={"graph": graph, "revision": 1}).raise_for_status()
        run = client.post(f"/api/flows/{flow['id']}/runs", json={"inputs": {}}).json()
    page.goto(f"{live_app.url}/flows/{flow['id']}/")
    node = page.get_by_test_id("node-taste_1")
    expect(node).to_have_attribute("data-status", "waiting", timeout=20_000)
    expect(node.get_by_label("Training steps")).to_be_visible(timeout=60_000)
    expect(node).to_contain_text("accuracy")
    page.get_by_test_id("stop-button").click()
    expect(page.get_by_test_id("run-button")).to_be_visible(timeout=20_000)
    with live_app.client() as client:
        assert client.get(f"/api/runs/{run['id']}").json()["status"] == "cancelled"
