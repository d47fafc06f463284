"""Flows that wait: for a person's decision and for a time. The run is played in this process, as a worker would."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.flows.models import Flow
from flowbuilder.runs import execution, services, sweeping
from flowbuilder.runs.models import Run, Status, Wait

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {
    "type": "object",
    "required": ["amount"],
    "properties": {"amount": {"type": "number", "minimum": 1}, "reason": {"enum": ["damage", "loss"]}},
}


def graph(node: dict, port: str) -> dict:
    told = {"id": "told", "type": "text.prompt", "settings": {"template": "{{ it }}"}}
    return {
        "nodes": [{"id": "start", "type": "flow.start"}, node, told, {"id": "reply", "type": "flow.reply"}],
        "wires": [
            {"id": "1", "source": "start", "target": node["id"], "target_port": port},
            {"id": "2", "source": node["id"], "source_port": "decision" if port == "content" else "out", "target": "told", "target_port": "it"},
            {"id": "3", "source": "told", "target": "reply", "target_port": "content"},
        ],
    }  # fmt: skip


def started(asker, drawn: dict) -> Run:
    flow = Flow.objects.create(workspace=asker.workspace, name="Refunds", graph=drawn)
    return played(services.submit(asker=asker, flow=flow, inputs={"question": "Parcel PX-1 is lost."}))


def played(run: Run) -> Run:
    execution.execute(str(run.pk))
    run.refresh_from_db()
    return run


@pytest.fixture
def asking(asker):
    settings = {"question": "Refund it?", "form": json.dumps(FORM), "hours": 1}
    return started(asker, graph({"id": "ask", "type": "flow.approval", "settings": settings}, "content"))


@pytest.fixture
def web(client, owner):
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def answer(client, run, **sent):
    return client.post(f"/api/runs/{run.pk}/waits/ask", sent, content_type="application/json")


def test_a_decision_over_http_lets_the_run_go_on(asking, web):
    assert asking.status == Status.WAITING
    [listed] = web.get("/api/waits").json()
    assert (
        listed["about"]["question"] == "Refund it?" and listed["about"]["details"] == "Parcel PX-1 is lost."
    )
    assert "then" not in listed["about"] and listed["due_at"]

    refused = answer(web, asking, outcome="approved", values={"amount": 0})
    assert refused.status_code == 422
    assert refused.json()["error"]["details"] == [
        {"where": "values.amount", "message": "'Amount': at least 1, not 0."}
    ]
    assert answer(web, asking, outcome="perhaps").status_code == 422

    done = answer(web, asking, outcome="approved", values={"amount": "4", "reason": "loss"}, comment="fine")
    assert done.status_code == 202
    assert answer(web, asking, outcome="refused").status_code == 404
    run = played(asking)
    assert run.status == Status.FINISHED
    assert run.reply.startswith("approved by owner@example.test, ") and run.reply.endswith(": fine")
    outputs = run.results.get(node_id="ask").outputs
    assert outputs["approved"]["data"] == {"amount": 4.0, "reason": "loss"} and outputs["refused"] is None
    report = run.events.get(type="node.report").data
    assert (report["kind"], report["outcome"], report["by"]) == ("decision", "approved", "owner@example.test")


def test_a_decision_on_the_page(asking, web, workspace, teammate):
    wait = asking.waits.get()
    page = web.get("/waiting/").content.decode()
    assert "Refund it?" in page and 'name="values.amount"' in page and "left" in page
    assert web.get("/waiting/count/").content == b"1"

    wrong = web.post(f"/waiting/{wait.pk}/", {"outcome": "approved", "values.amount": "0"})
    assert wrong.status_code == 422 and "at least 1, not 0" in wrong.content.decode()
    done = web.post(f"/waiting/{wait.pk}/", {"outcome": "refused", "values.reason": "loss", "comment": "No."})
    assert done.status_code == 302
    assert "No." in played(asking).reply
    page = web.get("/waiting/").content.decode()
    assert "Nothing waits for anybody" in page and "owner@example.test" in page

    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    web.force_login(teammate, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert web.post(f"/waiting/{wait.pk}/", {"outcome": "approved"}).status_code == 403


def test_when_the_time_is_up_the_default_counts(asking):
    asking.waits.update(due_at=timezone.now() - timedelta(seconds=1))
    assert sweeping.answer_what_is_due() == 1
    assert sweeping.answer_what_is_due() == 0
    assert played(asking).reply.startswith("refused because the time was up")


def test_a_run_that_waits_for_a_time_holds_no_worker_and_is_woken(asker, web):
    settings = {"amount": 1, "unit": "hours"}
    run = started(asker, graph({"id": "wait", "type": "flow.wait", "settings": settings}, "value"))
    assert run.status == Status.WAITING and run.lease_until is None
    wait = run.waits.get()
    assert timedelta(minutes=59) < wait.due_at - timezone.now() < timedelta(minutes=61)
    assert sweeping.answer_what_is_due() == 0
    assert web.get("/api/waits").json() == []
    nobody_s = web.post(f"/api/runs/{run.pk}/waits/wait", {}, content_type="application/json")
    assert nobody_s.status_code == 409

    run.waits.update(due_at=timezone.now())
    assert sweeping.answer_what_is_due() == 1
    assert played(run).reply == "Parcel PX-1 is lost."


def test_an_answer_that_comes_while_another_is_played_is_not_lost(asker, monkeypatch):
    """Two approvals wait; the second is given while the run goes on with the first."""
    asks = [{"id": name, "type": "flow.approval"} for name in ("ask", "also")]
    drawn = {
        "nodes": [{"id": "start", "type": "flow.start"}, *asks],
        "wires": [
            {"id": name["id"], "source": "start", "target": name["id"], "target_port": "content"}
            for name in asks
        ],
    }
    run = started(asker, drawn)
    first, second = run.waits.order_by("id")
    assert services.answer_wait(first.key, {"outcome": "approved"})
    read = execution.read_past

    def read_and_answer(run):
        past = read(run)
        services.answer_wait(second.key, {"outcome": "approved"})
        return past

    monkeypatch.setattr(execution, "read_past", read_and_answer)
    assert played(run).status == Status.QUEUED
    monkeypatch.setattr(execution, "read_past", read)
    assert played(run).status == Status.FINISHED


def test_a_wait_of_a_cancelled_run_is_listed_no_more(asking, web):
    services.cancel(asking)
    assert web.get("/api/waits").json() == []
    assert answer(web, asking, outcome="refused").status_code == 404
    assert Wait.objects.get().resolved_at is None
