"""A published flow with its doors open, and visitors before them."""

import pytest
from django.test import Client

from flowbuilder.flows import publication, services
from flowbuilder.flows.models import Flow
from flowbuilder.publishing import doors as ways_in

HTML = "text/html"
TELL = {"id": "tell", "type": "text.prompt", "settings": {"template": "Got {{ it }}"}}


@pytest.fixture
def live_flow(asker):
    """Version 1 greets; version 2 is the same and not live."""
    flow = services.create_flow(asker=asker, name="Greeting", template="hello")
    for _ in range(2):
        services.publish_version(asker=asker, flow=flow)
    return publication.set_publication(asker=asker, flow=flow, number=1)


@pytest.fixture
def doors(asker, live_flow):
    return ways_in.change(asker=asker, flow=live_flow, page=True, title="Ask the desk")


class Visit:
    """A browser on a public page: loads it, then asks with the pass that it got."""

    def __init__(self, address: str, frame: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        path = f"/chat/{address}/{f'frame/?site={frame}' if frame else ''}"
        self.page = self.client.get(path)
        self.api = f"/api/chat/{address}/questions"
        self.passed = self.page.context["look"]["pass"] if self.page.status_code == 200 else ""

    def send(self, method: str, path: str = "", body: dict | None = None, **headers: str):
        sent = {"X-Visitor": self.passed, **headers}
        kind = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(self.api + path, headers=sent, **kind)

    def ask(self, question: str = "Ann", conversation: str = "0" * 32, **headers: str):
        return self.send("post", "", {"question": question, "conversation": conversation}, **headers)


@pytest.fixture
def visit(doors):
    return Visit(doors.address)


@pytest.fixture
def publish(asker):
    """(node, port) -> the live flow that begins with that node and replies with what comes out there."""

    def make(node: dict, port: str, flow: Flow | None = None) -> Flow:
        graph = {
            "nodes": [node, TELL, {"id": "reply", "type": "flow.reply"}],
            "wires": [
                {"id": "1", "source": node["id"], "source_port": port, "target": "tell", "target_port": "it"},
                {"id": "2", "source": "tell", "target": "reply", "target_port": "content"},
            ],
        }
        flow = flow or services.create_flow(asker=asker, name="Triggered")
        flow.graph = graph
        flow.save()
        version = services.publish_version(asker=asker, flow=flow)
        return publication.set_publication(asker=asker, flow=flow, number=version.number)

    return make
