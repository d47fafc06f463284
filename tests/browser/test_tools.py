"""A secret is kept on its page and chosen at a node; nodes that compute work in a flow, and one that sends out says so."""

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.browser.axe import found_in_both_themes
from tests.installation import Installation, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]
CANARY = "canary-7f3a9c"
CSV = "city,price\\nKiel,2.5\\nGraz,10\\nKiel,9"


def node(place: int, node_id: str, kind: str, **settings) -> dict:
    position = {"x": 300 * (place % 4), "y": 60 + 320 * (place // 4)}
    return {"id": node_id, "type": kind, "settings": settings, "position": position}


def wire(source: str, target: str) -> dict:
    (left, out), (right, into) = source.split("."), target.split(".")
    return {
        "id": f"{source}-{target}",
        "source": left,
        "source_port": out,
        "target": right,
        "target_port": into,
    }


SUMS = {
    "nodes": [
        node(0, "start", "flow.start"),
        node(1, "code", "tools.code", code=f"'{CSV}\\n' + city + ',' + str(4)", names=["city"]),
        node(2, "table", "tools.table", group_by=["city"], aggregates=[{"figure": "sum", "column": "price"}], sort_by="city"),
        node(3, "map", "tools.map", expression="[?city == 'Kiel'] | [0].sum_price"),
        node(4, "prompt", "text.prompt", template="({{ kiel }}) * 2 + 0.1"),
        node(5, "sum", "tools.calculator"),
        node(6, "day", "tools.date", action="add", pattern="%d.%m.%Y", amount=1, unit="weeks"),
        node(7, "both", "text.prompt", template="{{ sum }} until {{ day }}"),
        node(8, "when", "text.prompt", template="2026-02-25"),
        node(9, "reply", "flow.reply"),
    ],
    "wires": [
        wire("start.out", "code.city"), wire("code.text", "table.data"), wire("table.rows", "map.data"), wire("map.data", "prompt.kiel"),
        wire("prompt.out", "sum.expression"), wire("when.out", "day.when"), wire("sum.out", "both.sum"), wire("day.out", "both.day"),
        wire("both.out", "reply.content"),
    ],
}  # fmt: skip
ASKING = {
    "nodes": [
        node(0, "start", "flow.start"),
        node(1, "ask", "tools.http_request", url="https://api.example.com/items/{{ id }}"),
        node(2, "reply", "flow.reply"),
    ],
    "wires": [wire("start.out", "ask.id"), wire("ask.text", "reply.content")],
}


def made(app: Installation, name: str, graph: dict) -> str:
    with app.client() as client:
        flow = client.post("/api/flows", json={"name": name}).json()["id"]
        client.put(f"/api/flows/{flow}", json={"graph": graph, "revision": 1}).raise_for_status()
    return flow


def ended(app: Installation, flow: str, question: str) -> dict:
    """A run of the draft, at its end."""
    with app.client() as client:
        run = (
            client.post(f"/api/flows/{flow}/runs", json={"inputs": {"question": question}})
            .raise_for_status()
            .json()
        )
        path, seen = f"/api/runs/{run['id']}", {}

        def over() -> bool:
            seen.update(client.get(path).json())
            return seen["status"] in {"finished", "failed"}

        wait_until(over, seconds=90, what="the run's end")
    return seen


def test_nodes_that_compute(live_app: Installation):
    flow = made(live_app, "Sums", SUMS)
    run = ended(live_app, flow, "Kiel")
    assert (run["status"], run["reply"]) == ("finished", "31.1 until 04.03.2026"), run


def test_a_secret_is_kept_and_chosen_and_a_node_says_that_it_sends_out(
    signed_in: Page, live_app: Installation
):
    page = signed_in
    page.get_by_role("link", name="Keys", exact=True).click()
    page.get_by_role("link", name="Secrets").click()
    form = page.get_by_role("form", name="New secret")
    form.get_by_label("Name").fill("crm_token")
    form.get_by_label("Value").fill(CANARY)
    form.get_by_label("May be sent to").fill("api.example.com, *.example.org")
    form.get_by_role("button", name="Keep secret").click()
    kept = page.get_by_test_id("secret")
    expect(kept).to_contain_text("crm_token")
    expect(kept).to_contain_text("never used")
    assert CANARY not in page.content()
    assert found_in_both_themes(page) == []

    flow = made(live_app, "Asking", ASKING)
    page.goto(f"{live_app.url}/flows/{flow}/")
    card = page.get_by_test_id("node-ask")
    expect(card.get_by_test_id("sends-out")).to_be_visible()
    expect(page.get_by_test_id("node-start").get_by_test_id("sends-out")).to_have_count(0)
    card.click()
    page.get_by_test_id("field-auth").select_option("bearer")
    page.get_by_test_id("field-secret").select_option("crm_token")
    with live_app.client() as client:
        saved = client.get(f"/api/flows/{flow}")
        wait_until(
            lambda: "crm_token" in client.get(f"/api/flows/{flow}").text,
            seconds=60,
            what="the draft to be saved",
        )
    assert CANARY not in saved.text
    run = ended(live_app, flow, "7")
    assert "'api.example.com' is not among the hosts that may be asked" in run["error"]["message"], run

    page.goto(f"{live_app.url}/secrets/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete crm_token").click()
    expect(page.get_by_text("No secret yet")).to_be_visible()
