"""A live flow behind the Flowise-compatible door, and whoever calls it."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from flowbuilder.accounts.models import ApiKey
from flowbuilder.publishing import doors as ways_in
from flowbuilder.runs.models import Run, Status

SITE = "https://shop.example"


@pytest.fixture
def opened(asker, live_flow):
    """To the public, and to one site."""
    wide = {"flowise": True, "flowise_public": True, "sites": [SITE], "examples": ["Ann", "Bob"]}
    return ways_in.change(asker=asker, flow=live_flow, **wide)


@pytest.fixture
def key(asker) -> str:
    return ApiKey.issue(asker.workspace, asker.user, "programs")[1]


class Calls:
    """``calls.post("prediction", {...})``: of a program, or of a page with ``origin``."""

    def __init__(self, flow: str, key: str = "", origin: str = "") -> None:
        self.flow = flow
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.headers |= {"Origin": origin} if origin else {}
        self.client = Client(raise_request_exception=False)

    def post(self, what: str, body: dict, tail: str = ""):
        return self._send("post", what, body, tail)

    def put(self, what: str, body: dict, tail: str = ""):
        return self._send("put", what, body, tail)

    def get(self, what: str, tail: str = ""):
        return self.client.get(self._path(what, tail), headers=self.headers)

    def upload(self, what: str, fields: dict, tail: str = ""):
        return self.client.post(self._path(what, tail), fields, headers=self.headers)

    def preflight(self, what: str, tail: str = "", **headers: str):
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        return self.client.options(self._path(what, tail), headers={**self.headers, **asked, **headers})

    def _path(self, what: str, tail: str) -> str:
        return f"/api/v1/{what}/{self.flow}{tail}" if "/" not in what else f"/api/v1/{what}"

    def _send(self, method: str, what: str, body: dict, tail: str):
        kind = {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, method)(self._path(what, tail), headers=self.headers, **kind)


@pytest.fixture
def public(opened) -> Calls:
    return Calls(str(opened.flow_id))


@pytest.fixture
def program(opened, key) -> Calls:
    return Calls(str(opened.flow_id), key=key)


@pytest.fixture
def answers(monkeypatch):
    """A worker that answers each run as soon as somebody listens, and a listener in the test's own transaction."""

    def answered(run_id) -> str:
        run = Run.objects.get(pk=run_id)
        said = f"Hello, {run.inputs.get('question', '')}!"
        run.events.create(seq=1, type="node.finished", node="reply_1", data={"outputs": {"out": said}}, at=0)
        Run.objects.filter(pk=run_id).update(status=Status.FINISHED, reply=said)
        return said

    async def follow(run_id, after, begins):
        data = {"reply": await sync_to_async(answered)(run_id)}
        yield {"type": "run.finished", "node": "", "data": data, "seq": 2}

    monkeypatch.setattr("flowbuilder.publishing.flowise.answering.follow", follow)
    monkeypatch.setattr("flowbuilder.publishing.flowise.prediction_api.apart", lambda items: items)
