"""Flows of Langflow."""

import json

import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.validate import problems
from flowbuilder.importing.original import whole_in
from flowbuilder.importing.units import found_in
from tests.importing.conftest import FakeRemote, played


def component(id_, kind, at=0, *, tool=False, **fields):
    template = {name: {"value": value} for name, value in fields.items()}
    node = {"template": {**template, "_type": "Component"}, "display_name": kind, "tool_mode": tool}
    return {
        "id": id_,
        "type": "genericNode",
        "position": {"x": at, "y": 0},
        "data": {"id": id_, "type": kind, "node": node},
    }


def wire(source, out, target, field):
    handles = {
        "sourceHandle": {"id": source, "name": out},
        "targetHandle": {"id": target, "fieldName": field},
    }
    return {"source": source, "target": target, "data": handles}


def flow():
    """A question, a prompt with it, a model, a reply."""
    nodes = [
        component("ChatInput-1", "ChatInput", input_value="Hello"),
        component("Prompt-1", "Prompt", 300, template="Answer {question} like {who}", who="a pirate"),
        component("OpenAIModel-1", "OpenAIModel", 600, model_name="gpt-4o-mini", temperature=0.1, system_message="Be brief.", top_k=3),
        component("Split-1", "SplitText", 600),
        component("Odd-1", "SomethingNew", 600, thing="kept"),
        component("ChatOutput-1", "ChatOutput", 900),
        {"id": "note-1", "type": "noteNode", "position": {"x": 0, "y": 400}, "data": {"type": "note", "node": {"description": "Look here"}}},
    ]  # fmt: skip
    edges = [
        wire("ChatInput-1", "message", "Prompt-1", "question"),
        wire("Prompt-1", "prompt", "OpenAIModel-1", "input_value"),
        wire("OpenAIModel-1", "text_output", "ChatOutput-1", "input_value"),
    ]
    return {"name": "Pirate", "data": {"nodes": nodes, "edges": edges}}


def drawn(data):
    return found_in([("pirate.json", json.dumps(data).encode())]).flows[0]


async def test_its_components_become_ours_and_run():
    found = drawn(flow())
    assert found.name == "Pirate"
    assert not [each for each in problems(found.graph, Catalogue.load()) if each.severity == "error"]
    how = {item.id: item.how for item in found.report.items}
    assert how["Odd-1"] == "placeholder" and how["Split-1"] == "merged" and how["note-1"] == "note"
    assert {"node": "OpenAIModel", "setting": "top_k", "value": "3"} in found.report.lost
    graph = found.graph.reduced([node.id for node in found.graph.nodes if node.type != "flow.placeholder"])
    remote = FakeRemote(says=lambda messages: "Arr")
    ran = await played(graph, "How far?", remote)
    assert (ran["reply"], ran["failed"]) == ("Arr", [])
    assert remote.asked[0][1][-1]["content"] == "Answer How far? like a pirate"


async def test_an_agent_with_a_tool_and_handles_as_text():
    nodes = [
        component("ChatInput-1", "ChatInput"),
        component("Calc-1", "CalculatorComponent", 300, tool=True),
        component("Agent-1", "Agent", 600, agent_llm="OpenAI", model_name="gpt-4o", system_prompt="Count."),
        component("ChatOutput-1", "ChatOutput", 900),
    ]
    edges = [
        wire("ChatInput-1", "message", "Agent-1", "input_value"),
        {"source": "Calc-1", "target": "Agent-1", "sourceHandle": "{œnameœ:œcomponent_as_toolœ}", "targetHandle": "{œfieldNameœ:œtoolsœ}"},
        wire("Agent-1", "response", "ChatOutput-1", "input_value"),
    ]  # fmt: skip
    found = drawn({"name": "Counter", "data": {"nodes": nodes, "edges": edges}})
    assert not [each for each in problems(found.graph, Catalogue.load()) if each.severity == "error"]
    wires = {(wire.source, wire.source_port, wire.target, wire.target_port) for wire in found.graph.wires}
    assert ("Calc-1", "tool", "Agent-1", "tools") in wires


def test_a_page_and_a_date_keep_what_they_were_set_to():
    urls = ["https://example.com/a", "https://example.com/b"]
    nodes = [
        component("ChatInput-1", "ChatInput"),
        component("URL-1", "URLComponent", 300, urls=urls),
        component("URL-2", "URLComponent", 300, urls=urls[:1]),
        component("URL-3", "URLComponent", 300, tool=True, urls=urls[:1]),
        component("Date-1", "CurrentDate", 300, timezone="Asia/Shanghai"),
        component("Date-2", "CurrentDate", 300, timezone="Middle/Earth"),
    ]
    edges = [wire("ChatInput-1", "message", "URL-2", "urls")]
    found = drawn({"name": "Pages", "data": {"nodes": nodes, "edges": edges}})
    assert not [each for each in problems(found.graph, Catalogue.load()) if each.severity == "error"]
    settings = {node.id: node.settings for node in found.graph.nodes}
    assert [settings[f"URL-{n}"]["address"] for n in (1, 2, 3)] == [urls[0], "", ""]
    assert (settings["Date-1"], settings["Date-2"]) == ({"time_zone": "Asia/Shanghai"}, {})
    assert {"node": "URLComponent", "setting": "urls", "value": urls[1]} in found.report.lost
    wires = {(wire.source, wire.target, wire.target_port) for wire in found.graph.wires}
    assert ("ChatInput-1", "URL-2", "url") in wires


@pytest.mark.parametrize(
    ("said", "wanted"), [(7, 7), (0, 1), (10**30, 50), (True, None), ("7", None), (7.0, None)]
)
def test_a_number_is_brought_into_what_we_allow(said, wanted):
    assert whole_in(said, 1, 50) == wanted
