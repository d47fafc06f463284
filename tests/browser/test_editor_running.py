"""Points 12, 14, 15, 16 and 17 of the editor: groups, runs in part, pins and breakpoints, past runs, decisions."""

import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.integration]

CHAIN = {
    "nodes": [
        {"id": "start_1", "type": "flow.start", "position": {"x": 0, "y": 0}},
        {
            "id": "prompt_1",
            "type": "text.prompt",
            "label": "Greet",
            "settings": {"template": "Hello, {{ name }}!"},
            "position": {"x": 300, "y": 0},
        },
        {
            "id": "prompt_2",
            "type": "text.prompt",
            "label": "Shout",
            "settings": {"template": "{{ text }}!!"},
            "position": {"x": 600, "y": 0},
        },
        {"id": "reply_1", "type": "flow.reply", "position": {"x": 900, "y": 0}},
    ],
    "wires": [
        {"id": "w1", "source": "start_1", "target": "prompt_1", "target_port": "name"},
        {"id": "w2", "source": "prompt_1", "target": "prompt_2", "target_port": "text"},
        {"id": "w3", "source": "prompt_2", "target": "reply_1", "target_port": "content"},
    ],
}


def inside() -> dict:
    """The chain's two prompts in a group that runs once for each line of the question, one after the other."""
    entry = {"id": "group_input_1", "type": "flow.group_input", "settings": {"name": "item"}}
    leave = {"id": "group_output_1", "type": "flow.group_output", "settings": {"name": "result"}}
    ends = {"start_1": "group_input_1", "reply_1": "group_output_1"}
    wires = [
        {
            **wire,
            "source": ends.get(wire["source"], wire["source"]),
            "target": ends.get(wire["target"], wire["target"]),
        }
        for wire in CHAIN["wires"]
    ]
    start, greet, shout, reply = CHAIN["nodes"]
    body = {
        "nodes": [
            {**entry, "position": start["position"]},
            greet,
            shout,
            {**leave, "position": reply["position"]},
        ],
        "wires": wires,
    }
    each = {
        "id": "each_1",
        "type": "flow.each",
        "label": "Each line",
        "settings": {"at_once": 1},
        "body": body,
        "position": {"x": 300, "y": 0},
    }
    return {
        "nodes": [start, each, {**reply, "position": {"x": 600, "y": 0}}],
        "wires": [
            {"id": "w1", "source": "start_1", "target": "each_1", "target_port": "items"},
            {
                "id": "w2",
                "source": "each_1",
                "source_port": "result",
                "target": "reply_1",
                "target_port": "content",
            },
        ],
    }


@pytest.fixture
def opened(signed_in: Page, live_app):
    """Opens the editor on a new flow of a graph or template; fails where the page logged an error."""
    errors: list[str] = []
    signed_in.on("pageerror", lambda error: errors.append(str(error)))
    signed_in.set_viewport_size({"width": 1440, "height": 900})

    def opening(graph: dict | None = None, template: str | None = None) -> dict:
        with live_app.client() as client:
            flow = client.post("/api/flows", json={"name": "Running", "template": template}).json()
            if graph:
                body = {"graph": graph, "revision": flow["revision"]}
                flow = client.put(f"/api/flows/{flow['id']}", json=body).raise_for_status().json()
        signed_in.goto(f"{live_app.url}/flows/{flow['id']}/")
        expect(signed_in.locator(".flow-node").first).to_be_visible()
        return flow

    yield opening
    assert errors == []


def ask(page: Page, question: str) -> None:
    page.get_by_test_id("tab-chat").click()
    page.get_by_test_id("chat-input").fill(question)
    page.get_by_test_id("chat-send").click()


def menu(page: Page, node: str, item: str) -> None:
    page.get_by_test_id(f"node-{node}").click(button="right", position={"x": 60, "y": 14})
    page.get_by_role("menuitem", name=re.compile(f"^{item}")).click()


def status(page: Page, node: str, wanted: str) -> None:
    expect(page.get_by_test_id(f"node-{node}")).to_have_attribute("data-status", wanted, timeout=20_000)


def test_a_part_runs_on_what_the_last_run_left_and_a_pin_stands_for_a_node(signed_in, opened):
    page = signed_in
    opened(CHAIN)
    ask(page, "Ada")
    expect(page.get_by_test_id("chat-reply")).to_have_text("Hello, Ada!!!", timeout=20_000)
    menu(page, "prompt_1", "Pin its outputs")
    page.get_by_test_id("node-prompt_2").click(position={"x": 60, "y": 14})
    page.get_by_test_id("tab-settings").click()
    page.get_by_test_id("field-template").fill("{{ text }}??")
    menu(page, "prompt_2", "Run this node alone")
    row = page.get_by_test_id("trace-node-prompt_2")
    expect(row).to_have_attribute("data-status", "finished", timeout=20_000)
    row.locator("summary").first.click()
    expect(row).to_contain_text("Hello, Ada!??")
    ask(page, "Bob")
    expect(page.get_by_test_id("chat-reply").last).to_have_text("Hello, Ada!??", timeout=20_000)
    menu(page, "prompt_1", "Unpin its outputs")
    menu(page, "prompt_1", "Run to here")
    status(page, "prompt_1", "finished")
    expect(page.get_by_test_id("node-reply_1")).to_have_attribute("data-status", "")


def test_within_a_group_a_part_runs_in_the_round_on_screen_and_a_refused_one_says_why(signed_in, opened):
    page = signed_in
    opened(inside())
    menu(page, "reply_1", "Run from here")
    refused = "“Reply” builds on “Each line”, and nothing stands for that: run the whole flow"
    expect(page.locator(".toasts")).to_contain_text(refused)
    expect(page.get_by_test_id("trace")).to_contain_text(refused)
    ask(page, "Ada\nBob")
    expect(page.get_by_test_id("chat-reply")).to_contain_text("Hello, Bob!!!", timeout=20_000)

    page.get_by_test_id("node-each_1").dblclick(position={"x": 60, "y": 14})
    page.get_by_test_id("node-prompt_2").click(position={"x": 60, "y": 14})
    row = page.get_by_test_id("trace-node-each_1[1]/prompt_2")
    parts = {
        "??": ("prompt_2", "Run this node alone"),
        "--": ("prompt_1", "Run from here to the group's end"),
    }
    for ending, (node, item) in parts.items():
        page.get_by_test_id("tab-settings").click()
        page.get_by_test_id("field-template").fill(f"{{{{ text }}}}{ending}")
        menu(page, node, item)
        expect(row).to_contain_text(f"Hello, Bob!{ending}", timeout=20_000)
        expect(page.get_by_test_id("run-button")).to_be_visible()
        status(page, "prompt_2", "finished")
        expect(page.get_by_test_id("trace-node-each_1[0]/prompt_2")).to_have_count(0)
        page.get_by_test_id("node-prompt_2").click(position={"x": 60, "y": 14})
    menu(page, "prompt_1", "Run to here in this group")
    expect(page.get_by_test_id("node-prompt_2")).to_have_attribute("data-status", "")
    status(page, "prompt_1", "finished")


def test_a_run_stops_at_a_breakpoint_and_goes_on_with_edited_inputs(signed_in, opened):
    page = signed_in
    opened(CHAIN)
    menu(page, "prompt_2", "Stop before it")
    ask(page, "Ada")
    decision = page.locator("#panel-chat .decision")
    expect(decision).to_contain_text("Stopped before “Shout”", timeout=20_000)
    status(page, "prompt_2", "waiting")
    decision.get_by_label("text").fill("Changed")
    decision.get_by_role("button", name="Continue").click()
    expect(page.get_by_test_id("chat-reply")).to_have_text("Changed!!", timeout=20_000)


def test_a_person_decides_in_the_chat_and_the_run_can_be_looked_at_again(signed_in, opened, live_app):
    page = signed_in
    flow = opened(template="approve-before-it-goes-out")
    ask(page, "The depot is closed.")
    decision = page.locator("#panel-chat .decision")
    expect(decision).to_contain_text("May this notice go out", timeout=20_000)
    decision.get_by_label("Comment").fill("Not yet")
    decision.get_by_role("button", name="Refuse").click()
    expect(page.get_by_test_id("chat-reply")).to_contain_text("Not sent (refused by", timeout=20_000)
    page.get_by_test_id("tab-trace").click()
    expect(page.get_by_test_id("timeline")).to_contain_text("May it go out?")
    page.get_by_test_id("node-prompt_1").click(position={"x": 60, "y": 14})
    page.get_by_test_id("field-template").fill("Another text {{ said }}")
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
    page.get_by_test_id("tab-trace").click()
    page.get_by_test_id("earlier").locator("summary").click()
    page.get_by_test_id("earlier-runs").get_by_role("link", name="Replay").click()
    expect(page.get_by_test_id("replaying")).to_be_visible()
    status(page, "approval_1", "finished")
    page.get_by_test_id("node-prompt_1").click(position={"x": 60, "y": 14})
    page.get_by_test_id("tab-settings").click()
    expect(page.get_by_test_id("field-template")).to_have_value(re.compile("^Dear customers"))
    expect(page.get_by_test_id("field-template")).to_be_disabled()
    page.get_by_role("link", name="Back to the draft").click()
    page.wait_for_url(f"{live_app.url}/flows/{flow['id']}/")


def test_a_failed_run_goes_on_from_the_node_that_was_mended(signed_in, opened):
    page = signed_in
    graph = {**CHAIN, "nodes": [dict(node) for node in CHAIN["nodes"]]}
    graph["nodes"][2] = {
        "id": "prompt_2",
        "type": "tools.map",
        "label": "Shout",
        "settings": {"expression": "missing"},
        "position": {"x": 600, "y": 0},
    }
    graph["wires"] = [dict(wire) for wire in CHAIN["wires"]]
    graph["wires"][1]["target_port"] = "data"
    graph["wires"][2]["source_port"] = "text"
    opened(graph)
    ask(page, "Ada")
    expect(page.get_by_test_id("chat-error")).to_contain_text("expression", timeout=20_000)
    page.get_by_role("button", name="Show Shout").click()
    page.get_by_test_id("field-expression").fill("@")
    page.get_by_test_id("tab-chat").click()
    page.get_by_test_id("resume-button").click()
    expect(page.get_by_test_id("chat-reply")).to_have_text("Hello, Ada!", timeout=20_000)


def test_a_selection_becomes_a_group_that_is_entered_left_and_taken_apart(signed_in, opened, live_app):
    page = signed_in
    flow = opened(CHAIN)
    page.get_by_test_id("node-prompt_1").click(position={"x": 60, "y": 14})
    page.get_by_test_id("node-prompt_2").click(position={"x": 60, "y": 14}, modifiers=["Shift"])
    page.keyboard.press("Control+g")
    group = page.get_by_test_id("node-group_1")
    expect(group).to_be_visible()
    ask(page, "Ada")
    expect(page.get_by_test_id("chat-reply")).to_have_text("Hello, Ada!!!", timeout=20_000)
    group.dblclick(position={"x": 60, "y": 14})
    expect(page.get_by_test_id("breadcrumbs")).to_contain_text("Group")
    status(page, "prompt_2", "finished")
    page.get_by_test_id("node-prompt_2").click(position={"x": 60, "y": 14})
    page.get_by_test_id("tab-settings").click()
    page.get_by_test_id("field-template").fill("{{ text }} (inside)")
    page.get_by_test_id("breadcrumbs").get_by_role("button", name="Running").click()
    ask(page, "Bob")
    expect(page.get_by_test_id("chat-reply").last).to_have_text("Hello, Bob! (inside)", timeout=20_000)
    expect(page.get_by_test_id("save-state")).to_have_attribute("data-state", "saved")
    with live_app.client() as client:
        kept = client.get(f"/api/flows/{flow['id']}").json()["graph"]
    body = next(node for node in kept["nodes"] if node["id"] == "group_1")["body"]
    assert {"prompt_1", "prompt_2"} < {node["id"] for node in body["nodes"]}
    group.click(position={"x": 60, "y": 14})
    page.keyboard.press("Control+Shift+g")
    expect(page.get_by_test_id("node-prompt_2")).to_be_visible()
    expect(group).to_have_count(0)
