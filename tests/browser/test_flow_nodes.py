"""Flows that begin with a form, a webhook or a schedule, wait for a person and for a time, sort by meaning and remember."""

import httpx
import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect

from tests.installation import Installation, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.integration]

FIELDS = [
    {"kind": "text", "name": "parcel", "label": "Which parcel?", "help": "It stands on the label"},
    {"kind": "number", "name": "amount", "label": "How much?", "minimum": 1, "default": 20},
    {"kind": "choice", "name": "reason", "choices": ["damage", "loss"], "required": False},
    {"kind": "yes_no", "name": "urgent"},
    {"kind": "date", "name": "day", "label": "Since when?", "required": False},
    {"kind": "file", "name": "letter", "required": False},
]
DECISION = '{"type": "object", "required": ["sum"], "properties": {"sum": {"type": "number", "title": "Refund", "minimum": 1}}}'
LABELS = [
    {"name": "complaint", "description": "somebody is angry about a broken or late parcel"},
    {"name": "billing", "description": "an invoice, a price or a payment"},
]


def node(node_id: str, kind: str, **settings) -> dict:
    return {"id": node_id, "type": kind, "settings": settings}


def wire(source: str, target: str) -> dict:
    (left, out), (right, into) = source.split("."), target.split(".")
    ends = {"source": left, "source_port": out, "target": right, "target_port": into}
    return {"id": f"{source}-{target}", **ends}


REFUND = {
    "nodes": [
        node("form", "flow.form", intro="We look at it today.", button="Ask for it", fields=FIELDS),
        node("letter", "text.prompt", template="Refund {{ amount }} for {{ parcel }}?"),
        node("ask", "flow.approval", question="Pay this refund?", form=DECISION, hours=24),
        node("told", "text.prompt", template="{{ decision }}"),
        node("reply", "flow.reply"),
    ],
    "wires": [
        wire("form.parcel", "letter.parcel"),
        wire("form.amount", "letter.amount"),
        wire("letter.out", "ask.content"),
        wire("ask.decision", "told.decision"),
        wire("told.out", "reply.content"),
    ],
}
DESK = {
    "nodes": [
        node("hook", "flow.webhook", answers="with the reply", patience=120),
        node("clock", "flow.schedule", cron="* * * * *", time_zone="Europe/Vienna", text="Every minute"),
        node("sort", "flow.classifier", labels=LABELS),
        node("guess", "flow.classifier", labels=LABELS, by="model"),
        node("angry", "text.prompt", template="Sorry! {{ it }}"),
        node("money", "text.prompt", template="Money: {{ it }}"),
        node("count", "flow.set_variable", scope="workspace", name="complaints", does="append to list"),
        node("pause", "flow.wait", amount=1, unit="seconds"),
        node("join", "flow.merge"),
        node("reply", "flow.reply"),
    ],
    "wires": [
        wire("hook.body", "sort.text"),
        wire("hook.body", "guess.text"),
        wire("sort.complaint", "angry.it"),
        wire("sort.billing", "money.it"),
        wire("angry.out", "count.value"),
        wire("count.out", "pause.value"),
        wire("pause.out", "join.values"),
        wire("money.out", "join.values"),
        wire("join.out", "reply.content"),
    ],
}


def made(client: httpx.Client, name: str, graph: dict) -> str:
    flow = client.post("/api/flows", json={"name": name}).json()["id"]
    for place, drawn in enumerate(graph["nodes"]):
        drawn["position"] = {"x": 280 * place, "y": 80}
    client.put(f"/api/flows/{flow}", json={"graph": graph, "revision": 1}).raise_for_status()
    version = client.post(f"/api/flows/{flow}/versions", json={}).raise_for_status().json()["number"]
    client.put(f"/api/flows/{flow}/publication", json={"version": version}).raise_for_status()
    return flow


def test_a_form_is_filled_in_and_somebody_decides(signed_in: Page, live_app: Installation):
    page = signed_in
    with live_app.client() as client:
        flow = made(client, "Refunds", REFUND)
        client.patch(f"/api/flows/{flow}/doors", json={"page": True})
        address = client.get(f"/api/flows/{flow}/doors").json()["address"]
    page.goto(f"{live_app.url}/flows/{flow}/")
    page.get_by_test_id("run-button").click()
    page.get_by_label("Which parcel?").fill("PX-7")
    page.get_by_test_id("run-form-send").click()
    expect(page.get_by_role("link", name="What waits for people")).to_be_visible(timeout=60_000)

    desk = page.context.new_page()
    desk.goto(f"{live_app.url}/waiting/")
    card = desk.get_by_test_id("wait")
    expect(card).to_contain_text("Refund 20 for PX-7?")
    card.get_by_label("Refund").fill("12")
    card.get_by_role("button", name="Approve").click()
    expect(desk.get_by_test_id("decided")).to_contain_text(live_app.email)
    expect(page.get_by_test_id("chat-reply")).to_contain_text(f"approved by {live_app.email}", timeout=60_000)

    desk.goto(f"{live_app.url}/chat/{address}/")
    desk.get_by_label("Which parcel?").fill("PX-8")
    desk.get_by_role("button", name="Ask for it").click()
    expect(desk.get_by_test_id("turn")).to_contain_text("Which parcel: PX-8")
    expect(desk.get_by_test_id("turn")).to_contain_text("waited for", timeout=60_000)
    desk.close()


def test_a_webhook_is_answered_by_what_a_classifier_a_wait_and_a_merge_make_of_it(
    signed_in: Page, live_app: Installation
):
    with live_app.client() as client:
        flow = made(client, "Desk", DESK)
        told = client.get(f"/api/flows/{flow}/triggers").json()
        [hook] = told["webhooks"]
        assert len(told["schedules"][0]["next"]) == 5
    angry = httpx.post(live_app.url + hook["path"], json={"text": "My parcel arrived broken!"}, timeout=180)
    assert angry.status_code == 200 and angry.json()["reply"].startswith("Sorry!"), angry.text
    money = httpx.post(live_app.url + hook["path"], json={"text": "Send me the invoice"}, timeout=180)
    assert money.json()["reply"].startswith("Money:"), money.text

    page = signed_in
    page.goto(f"{live_app.url}/publishing/{flow}/")
    expect(page.get_by_test_id("triggers")).to_contain_text(hook["path"])
    page.goto(f"{live_app.url}/variables/")
    row = page.get_by_test_id("variable")
    assert "broken" in row.get_by_label("Value of complaints").input_value()
    page.get_by_label("Name").fill("limit")
    page.get_by_label("Value", exact=True).fill("42")
    page.get_by_role("button", name="Add variable").click()
    expect(page.get_by_test_id("variable")).to_have_count(2)
    with live_app.client() as client:
        started = wait_until(
            lambda: [run for run in client.get(f"/api/flows/{flow}/runs").json() if by_the_clock(run)],
            seconds=90,
            what="the schedule's run",
        )
        client.put(f"/api/flows/{flow}/publication", json={"version": None})
    times = [run["inputs"]["schedule"]["at"] for run in started]
    assert len(times) == len(set(times)), "each minute once"


def by_the_clock(run: dict) -> bool:
    return run["origin"] == {"kind": "schedule", "node": "clock"} and run["status"] == "finished"
