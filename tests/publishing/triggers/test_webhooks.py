"""Calls to a webhook: who is let in, what they may bring, what they are answered."""

import json
import threading

import pytest
from django.test import Client

from flowbuilder.flows import publication
from flowbuilder.publishing import rate
from flowbuilder.publishing.models import Webhook
from flowbuilder.publishing.triggers.tokens import path_of
from flowbuilder.runs import execution
from flowbuilder.runs.models import Run

pytestmark = pytest.mark.django_db

SCHEMA = json.dumps({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}})


def hook_node(**settings):
    return {"id": "hook", "type": "flow.webhook", "settings": settings}


@pytest.fixture
def flow(publish):
    return publish(hook_node(json_schema=SCHEMA, most_kilobytes=1), "body")


@pytest.fixture
def path(flow):
    return path_of(flow.webhooks.get())


def call(path, body, **headers):
    sent = body if isinstance(body, str) else json.dumps(body)
    return Client(raise_request_exception=False).post(
        path, sent, content_type="application/json", headers=headers
    )


def test_a_call_starts_a_run_of_the_live_version(flow, path):
    answer = call(f"{path}?a=1&a=2&b=3", {"id": 7}, **{"X-Kind": "push", "Authorization": "Bearer secret"})
    assert answer.status_code == 202 and answer.json()["status"] == "accepted"
    run = Run.objects.get(pk=answer.json()["id"])
    assert run.live and run.version == flow.published_version
    assert run.origin == {"kind": "webhook", "node": "hook"}
    given = run.inputs["webhook"]
    assert given["body"] == {"id": 7} and given["query"] == {"a": ["1", "2"], "b": "3"}
    assert given["headers"]["x-kind"] == "push" and "authorization" not in given["headers"]


def test_the_same_key_gives_the_same_run(path):
    first, again = (call(path, {"id": 7}, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json()["id"] == again.json()["id"] and Run.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ("{", 400, "not JSON"),
        ("[" * 100_000, 413, "1 KB"),
        ("[" * 1000, 400, "not JSON"),
        ("7", 422, "object or list"),
        ({"id": "seven"}, 422, "body.id"),
        ({}, 422, "'id' is a required property"),
        ({"id": 7, "text": "x" * 1100}, 413, "1 KB"),
    ],
    ids=["broken", "large", "deep", "number", "wrong", "missing", "long"],
)
def test_what_it_may_not_bring(path, body, status, named):
    answer = call(path, body)
    assert answer.status_code == status and named in answer.json()["error"]["message"]
    assert not Run.objects.exists()


def test_a_schema_that_refers_elsewhere_fetches_nothing(publish):
    elsewhere = json.dumps({"$ref": "http://127.0.0.1:1/schema.json"})
    flow = publish(hook_node(json_schema=elsewhere), "body")
    answer = call(path_of(flow.webhooks.get()), {"id": 7})
    assert answer.status_code == 422 and "which is not in it" in answer.json()["error"]["message"]


def test_only_the_right_address_of_a_live_flow_listens(asker, flow, path, publish):
    hook = flow.webhooks.get()
    for wrong in (path + "x", f"/api/hooks/{hook.pk}/guess", path.replace(str(hook.pk), str(flow.pk))):
        assert call(wrong, {"id": 7}).status_code == 404
    publication.set_publication(asker=asker, flow=flow, number=None)
    assert call(path, {"id": 7}).status_code == 404
    publish({"id": "start", "type": "flow.start"}, "out", flow)
    assert call(path, {"id": 7}).status_code == 404
    publish(hook_node(), "body", flow)
    assert call(path, {"id": 7}).status_code == 202  # the same address as before
    assert not Client().get(path).status_code < 400


def test_a_new_address_closes_the_old_one(web, flow, path):
    hook = flow.webhooks.get()
    renewed = web.post(f"/api/hooks/{hook.pk}/renewal")
    assert renewed.status_code == 200 and renewed.json()["path"] != path
    assert call(path, {"id": 7}).status_code == 404
    assert call(renewed.json()["path"], {"id": 7}).status_code == 202
    assert web.get(f"/api/flows/{flow.pk}/triggers").json()["webhooks"][0]["path"] == renewed.json()["path"]


def test_too_many_calls_are_told_when_to_come_again(path, monkeypatch):
    monkeypatch.setattr(rate, "CALLS", 1)
    assert call(path, {"id": 7}).status_code == 202
    refused = call(path, {"id": 7})
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0


def test_no_row_holds_the_token(path):
    token = path.rpartition("/")[2]
    assert token not in str(list(Webhook.objects.values()))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("breaks", [False, True], ids=["reply", "failure"])
def test_a_caller_may_wait_for_the_reply(publish, monkeypatch, breaks):
    flow = publish(hook_node(answers="with the reply", patience=20), "body")
    monkeypatch.setattr("flowbuilder.runs.services.wake_worker", lambda run: worker(run, breaks))
    answer = call(path_of(flow.webhooks.get()), {"id": 7})
    if breaks:
        assert answer.status_code == 502 and "owns it" in answer.json()["error"]["message"]
    else:
        assert answer.status_code == 200 and answer.json()["reply"] == 'Got {"id": 7}'


def worker(run: Run, breaks: bool) -> None:
    """Plays the run to its end, in a thread of its own: the request has a loop of its own."""
    if breaks:
        Run.objects.filter(pk=run.pk).update(
            graph={"nodes": [{"id": "form", "type": "flow.form"}], "wires": []}, inputs={}
        )
    thread = threading.Thread(target=execution.execute, args=[str(run.pk)])
    thread.start()
    thread.join()
