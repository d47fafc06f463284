"""A secret that is planted and used in every way stands nowhere afterwards: not in events, rows, answers, exports, logs."""

import base64
import json

import pytest
from django.apps import apps

from flowbuilder.apis import services as descriptions
from flowbuilder.apis.importing import confined
from flowbuilder.secrets import services
from flowbuilder.wire import impatient_client

CANARY = "canary/7f3a9c=+x"
FORMS = (CANARY, CANARY[:9], base64.b64encode(f"ann:{CANARY}".encode()).decode(), CANARY.replace("/", "%2F").replace("=", "%3D").replace("+", "%2B"))  # fmt: skip
DOCUMENT = """
openapi: 3.0.0
info: {title: Depot, version: "1"}
servers: [{url: "SERVER"}]
paths:
  /parcels/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}
"""
WAYS = [
    ("http_request", {"auth": "bearer"}, "finished"),
    ("http_request", {"auth": "basic", "auth_name": "ann"}, "finished"),
    ("http_request", {"auth": "query", "auth_name": "key"}, "finished"),
    ("http_request", {"auth": "header", "tries": 2, "fails": False}, "finished"),
    ("http_request", {"auth": "bearer", "url": "{echo}/status/403"}, "failed"),
    ("http_request", {"auth": "bearer", "url": "http://127.0.0.1:9/"}, "failed"),
    ("http_request", {"auth": "query", "auth_name": "key", "url": "{echo}/round"}, "failed"),
    (
        "api_operation",
        {"auth": "bearer", "answers": "server", "operation": "Depot: GET /parcels/{id}"},
        "finished",
    ),
    ("mcp", {"auth": "bearer", "server": "{echo}/mcp"}, "failed"),
]


@pytest.fixture
def depot(asker, echo, settings, monkeypatch):
    """The workspace has a secret for the server, and the server's description."""
    monkeypatch.setattr(descriptions, "understood", confined.read)
    settings.FLOWBUILDER_OUTBOUND_HOSTS += ["127.0.0.1:9"]
    services.keep(asker=asker, name="depot", value=CANARY, hosts=[echo.host, "127.0.0.1:9"])
    descriptions.import_description(asker=asker, text=DOCUMENT.replace("SERVER", echo.url))
    return echo


def everything_stored() -> str:
    """Every row of every table but the sealed value, and every key of Redis."""
    rows = [
        str([value for name, value in row.items() if name != "sealed"])
        for model in apps.get_models()
        for row in model._default_manager.values()
    ]
    redis = impatient_client()
    kept = [str(redis.xrange(key)) for key in redis.scan_iter("fb:run:*:events")]
    return "\n".join([*rows, *kept])


@pytest.mark.slow
def test_a_planted_secret_is_found_nowhere(make_flow, play, depot, owner, api_client, caplog):
    caplog.set_level("DEBUG")
    client, answers = api_client(owner), []
    for number, (kind, settings, status) in enumerate(WAYS):
        told = {"url": "{echo}/items", **settings} if kind == "http_request" else settings
        filled = {
            name: value.replace("{echo}", depot.url) if isinstance(value, str) else value
            for name, value in told.items()
        }
        wires = ["s.out>node.id"] if kind == "api_operation" else []
        out = "tools" if kind == "mcp" else "text"
        nodes = {
            "s": ("flow.start", {}),
            "node": (f"tools.{kind}", {**filled, "secret": "depot"}),
            "r": ("flow.reply", {}),
        }
        flow = make_flow(nodes, [*wires, f"node.{out}>r.content"], name=f"way-{number}")
        run = play(flow)
        assert run.status == status, (kind, settings, run.error)
        for path in (
            f"/api/runs/{run.pk}",
            f"/api/runs/{run.pk}/events",
            f"/api/flows/{flow.pk}",
            f"/api/flows/{flow.pk}/export",
        ):
            answer = client.get(path)
            body = (
                b"".join(answer.streaming_content)
                if getattr(answer, "streaming", False) and not answer.is_async
                else getattr(answer, "content", b"")
            )
            answers.append(body.decode())
    answers += [
        client.get(path).content.decode() for path in ("/api/secrets", "/secrets/", "/api/audit", "/audit/")
    ]
    used = [asked for asked in depot.asked if CANARY in json.dumps(asked) or FORMS[2] in json.dumps(asked)]
    assert len(used) >= len(WAYS) - 1, "the secret was sent, or this test tells nothing"
    stored = everything_stored()
    assert "[secret depot]" in stored and "depot" in "".join(answers)
    for form in FORMS:
        assert form not in stored and form not in "".join(answers) and form not in caplog.text
