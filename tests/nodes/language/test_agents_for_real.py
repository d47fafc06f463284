"""Agents in a flow: with a model of random weights, whose calls are valid all the same, and with a server over HTTP."""

import json
import uuid

import pytest
import torch
from jsonschema import Draft202012Validator
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.run import run
from flowbuilder.modelhub.remote import NodeRemoteModels
from flowbuilder.modelhub.starter_folder import STARTER
from nodes.base import Context
from tests.modelhub.openai_server import Answer, served
from tests.nodes.real_models import RealModels

SCHEMA = {
    "type": "object",
    "properties": {
        "where": {"enum": ["north", "south"]},
        "parcels": {"type": "integer", "minimum": 1, "maximum": 40},
    },
    "required": ["where", "parcels"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def random_model():
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2}
    config = LlamaConfig(
        vocab_size=len(tokenizer), intermediate_size=64, max_position_embeddings=16_000, **shape
    )
    return RealModels(AutoModelForCausalLM.from_config(config).eval(), tokenizer)


def graph(agent: str, **settings) -> Graph:
    nodes = [("start", "flow.start", {}), ("van", "dispatch", {}), ("sum", "tools.calculator", {})]
    nodes += [("agent", agent, settings), ("reply", "flow.reply", {})]
    wires = [("start", "out", "agent", "prompt"), ("van", "tool", "agent", "tools")]
    if agent == "language.remote_agent":
        wires.append(("sum", "tool", "agent", "tools"))
    else:
        nodes.pop(2)  # a sum is free text: random weights would never end it
    wires.append(("agent", "out", "reply", "content"))
    named = ("source", "source_port", "target", "target_port")
    return Graph.model_validate(
        {
            "nodes": [{"id": id_, "type": type_, "settings": given} for id_, type_, given in nodes],
            "wires": [
                {"id": str(at), **dict(zip(named, wire, strict=True))} for at, wire in enumerate(wires)
            ],
        }
    )


async def play(graph: Graph, **services) -> tuple[list[dict], str]:
    """The agent's steps, and what the run replies."""

    def context_for(node_id, report):
        made = {name: service(report) if callable(service) else service for name, service in services.items()}
        return Context(**{"models": None, "knowledge": None, "training": None, "report": report, **made})

    catalogue = Catalogue.load(["nodes", "tests.sample_nodes"])
    stream = run(graph, {"question": "Send a van."}, catalogue=catalogue, context_for=context_for)
    events = [event async for event in stream]
    assert events[-1].type == "run.finished", events[-1].data
    steps = [e.data for e in events if e.type == "node.report" and e.data["kind"] == "step"]
    return steps, events[-1].data["reply"]


async def test_a_model_of_random_weights_calls_what_is_wired_with_valid_arguments(random_model):
    called = []
    for seed in range(4):
        steps, reply = await play(
            graph("language.agent", temperature=1, seed=seed, most_steps=3, max_new_tokens=200),
            models=random_model,
        )
        assert reply
        assert steps[-1].get("limit") == "3 steps" or steps[-1].get("answers")
        called += [step for step in steps if "tool" in step]
    assert called and {step["tool"] for step in called} == {"van"}
    for step in called:
        Draft202012Validator(SCHEMA).validate(step["arguments"])
        if step["arguments"]["where"] == "south":
            assert step["error"] == "Error: No van goes south today."
        else:
            assert step["result"] == f"{step['arguments']['parcels']} parcels are on their way north."


async def test_a_served_model_calls_tools_over_http(settings):
    def answer(body, number):
        if number == 0:
            return Answer(
                calls=(("sum", '{"expression": "3 * 4"}'), ("van", '{"where": "south", "parcels": 12}'))
            )
        if number == 1:
            return Answer(calls=(("van", json.dumps({"where": "north", "parcels": 12})),))
        return Answer((body["messages"][-1]["content"], " Done."))

    with served() as server:
        server.answer = answer
        settings.FLOWBUILDER_OUTBOUND_HOSTS = [f"127.0.0.1:{server.port}"]
        steps, reply = await play(
            graph("language.remote_agent", base_url=server.url, model_name="tiny-chat"),
            remote=lambda report: NodeRemoteModels(uuid.uuid4(), report),
        )
    assert reply == "12 parcels are on their way north. Done."
    told = [(step.get("tool"), step.get("result"), step.get("error")) for step in steps]
    assert told == [
        ("sum", "12", None),
        ("van", None, "Error: No van goes south today."),
        ("van", "12 parcels are on their way north.", None),
        (None, None, None),
    ]
    offered = {
        tool["function"]["name"]: tool["function"]["parameters"] for tool in server.asked[0].body["tools"]
    }
    assert offered["van"]["properties"]["where"]["enum"] == ["north", "south"]
