"""A flow whose live version begins with a webhook or a schedule."""

import pytest
from django.test import Client

from flowbuilder.flows import publication, services
from flowbuilder.flows.models import Flow

TELL = {"id": "tell", "type": "text.prompt", "settings": {"template": "Got {{ it }}"}}


@pytest.fixture
def publish(asker):
    """(node, port) -> the flow that replies with what comes out there."""

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


@pytest.fixture
def web(client: Client, owner) -> Client:
    """The owner's browser."""
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
