"""The gallery's template for a model that is served elsewhere, against a server on this machine."""

import uuid

from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import run
from flowbuilder.flows.gallery import template
from flowbuilder.flows.nodes import catalogue
from flowbuilder.modelhub.remote import NodeRemoteModels
from nodes.base import Context
from tests.modelhub.openai_server import served


async def ended(graph: dict):
    def context_for(node_id, report):
        remote = NodeRemoteModels(uuid.uuid4(), report)
        return Context(models=None, knowledge=None, training=None, remote=remote, report=report)

    stream = run(
        Graph.model_validate(graph), {"question": "Hi"}, catalogue=catalogue(), context_for=context_for
    )
    return [event async for event in stream][-1]


async def test_it_asks_where_it_says_once_an_administrator_allows_it(settings):
    graph = template("a-model-served-elsewhere").graph
    settings.FLOWBUILDER_OUTBOUND_HOSTS = []
    refused = await ended(graph)
    assert "'localhost' is not among the hosts" in refused.data["error"]
    with served() as server:
        settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{server.port}"]
        (model,) = [node for node in graph["nodes"] if node["id"] == "model_1"]
        near = {**model, "settings": {**model["settings"], "base_url": server.url}}
        nodes = [near if node is model else node for node in graph["nodes"]]
        answered = await ended({**graph, "nodes": nodes})
    assert answered.data["reply"] == "Hello, you."
    assert server.asked[0].body["messages"] == [{"role": "user", "content": "Hi"}]
