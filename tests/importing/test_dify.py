"""Apps of Dify, as its DSL writes them."""

import pytest
import yaml

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.validate import problems
from flowbuilder.importing.units import found_in
from tests.importing.conftest import FakeRemote, played


def step(id_, kind, at=0, parent="", **data):
    row = {
        "id": id_,
        "type": "custom",
        "position": {"x": at, "y": 0},
        "data": {"type": kind, "title": id_, **data},
    }
    return {**row, "parentId": parent} if parent else row


def wire(source, target, handle="source"):
    return {"source": source, "target": target, "sourceHandle": handle, "targetHandle": "target"}


MODEL = {
    "provider": "langgenius/openai/openai",
    "name": "gpt-4o-mini",
    "completion_params": {"temperature": 0.3},
}


def workflow():
    """A chat that searches, asks a model, and answers politely where it was asked for a refund."""
    nodes = [
        step("start", "start", variables=[]),
        step("search", "knowledge-retrieval", 300, query_variable_selector=["sys", "query"], dataset_ids=["d"], multiple_retrieval_config={"top_k": 3}),
        step("llm", "llm", 600, model=MODEL, context={"enabled": True, "variable_selector": ["search", "result"]}, prompt_template=[{"role": "system", "text": "Use {{#context#}}."}, {"role": "user", "text": "{{#sys.query#}}"}]),
        step("which", "if-else", 900, cases=[{"case_id": "refund", "logical_operator": "and", "conditions": [{"variable_selector": ["llm", "text"], "comparison_operator": "contains", "value": "refund"}]}]),
        step("polite", "template-transform", 1200, template="Sorry: {{ said }}", variables=[{"variable": "said", "value_selector": ["llm", "text"]}]),
        step("joined", "variable-aggregator", 1500, variables=[["polite", "output"], ["llm", "text"]]),
        step("answer", "answer", 1800, answer="{{#joined.output#}}"),
        step("lonely", "datasource", 2100),
        {"id": "note", "type": "custom-note", "position": {"x": 0, "y": 500}, "data": {"text": "Mind the refunds"}},
    ]  # fmt: skip
    edges = [
        wire("start", "search"), wire("search", "llm"), wire("llm", "which"), wire("which", "polite", "refund"),
        wire("which", "joined", "false"), wire("polite", "joined"), wire("joined", "answer"),
    ]  # fmt: skip
    return {
        "app": {"name": "Clerk", "mode": "advanced-chat"},
        "kind": "app",
        "version": "0.3.0",
        "workflow": {"graph": {"nodes": nodes, "edges": edges}},
    }


def drawn(app):
    return found_in([("clerk.yml", yaml.safe_dump(app).encode())]).flows[0]


def errors(graph):
    return [problem for problem in problems(graph, Catalogue.load()) if problem.severity == "error"]


def test_its_nodes_become_ours():
    found = drawn(workflow())
    assert found.name == "Clerk" and not errors(found.graph)
    how = {item.id: (item.how, item.kind) for item in found.report.items}
    assert how["lonely"][0] == "placeholder" and how["note"][0] == "note" and how["llm"][0] == "converted"
    assert found.report.hosts == [{"host": "api.openai.com", "node": "llm"}]
    assert {node.id: node.position.x for node in found.graph.nodes}["llm"] == 600
    assert found.graph.notes[0].text == "Mind the refunds"


@pytest.mark.parametrize(
    ("said", "reply"), [("a refund, then", "Sorry: a refund, then"), ("in bay 3", "in bay 3")]
)
async def test_it_runs(said, reply):
    app = workflow()
    graph = app["workflow"]["graph"]
    graph["nodes"] = [node for node in graph["nodes"] if node["id"] != "lonely"]
    found = await played(drawn(app).graph, "Where?", FakeRemote(says=lambda messages: said))
    assert (found["reply"], found["failed"]) == (reply, [])


async def test_an_iteration_a_form_and_code():
    nodes = [
        step("start", "start", variables=[{"variable": "names", "label": "Names", "type": "paragraph", "required": True}]),
        step("split", "code", 300, code_language="python3", code="def main(names: str) -> dict:\n    return {'list': names.split()}", variables=[{"variable": "names", "value_selector": ["start", "names"]}]),
        step("each", "iteration", 600, iterator_selector=["split", "list"], output_selector=["hello", "output"]),
        step("begin", "iteration-start", 0, parent="each"),
        step("hello", "template-transform", 100, parent="each", template="hello {{ name }}", variables=[{"variable": "name", "value_selector": ["each", "item"]}]),
        step("end", "end", 900, outputs=[{"variable": "all", "value_selector": ["each", "output"]}]),
    ]  # fmt: skip
    edges = [wire("start", "split"), wire("split", "each"), wire("begin", "hello"), wire("each", "end")]
    app = {
        "app": {"name": "Greeter", "mode": "workflow"},
        "workflow": {"graph": {"nodes": nodes, "edges": edges}},
    }
    found = drawn(app)
    assert not errors(found.graph)
    ran = await played(found.graph, "", FakeRemote(), names="Ada Bo")
    assert (ran["reply"], ran["failed"]) == ("hello Ada\n\nhello Bo", [])


async def test_a_classifier_and_a_plain_chat():
    nodes = [
        step("start", "start"),
        step("kind", "question-classifier", 300, model=MODEL, query_variable_selector=["sys", "query"], classes=[{"id": "1", "name": "Orders"}, {"id": "2", "name": "Other"}]),
        step("orders", "answer", 600, answer="About orders"),
        step("other", "answer", 600, answer="About else"),
    ]  # fmt: skip
    edges = [wire("start", "kind"), wire("kind", "orders", "1"), wire("kind", "other", "2")]
    app = {
        "app": {"name": "Sorter", "mode": "advanced-chat"},
        "workflow": {"graph": {"nodes": nodes, "edges": edges}},
    }
    ran = await played(drawn(app).graph, "My order", FakeRemote(says=lambda messages: {"scenario": "Orders"}))
    assert (ran["reply"], ran["failed"]) == ("About orders", [])
    plain = {
        "app": {"name": "Plain", "mode": "chat"},
        "model_config": {"pre_prompt": "Be brief.", "model": MODEL},
    }
    remote = FakeRemote()
    ran = await played(drawn(plain).graph, "Hi", remote)
    assert ran["reply"] == "answer" and remote.asked[0][1][0]["content"] == "Be brief."


async def test_a_loop_goes_round_until_its_variable_says_so():
    nodes = [
        step("start", "start"),
        step("loop", "loop", 300, loop_count=8, logical_operator="and", start_node_id="begin",
             loop_variables=[{"label": "text", "value_type": "constant", "var_type": "string", "value": "a"}],
             break_conditions=[{"variable_selector": ["loop", "text"], "comparison_operator": "contains", "value": "aaa"}]),
        step("begin", "loop-start", 0, parent="loop"),
        step("more", "template-transform", 100, parent="loop", template="{{ text }}a", variables=[{"variable": "text", "value_selector": ["loop", "text"]}]),
        step("keep", "assigner", 200, parent="loop", items=[{"variable_selector": ["loop", "text"], "operation": "over-write", "input_type": "variable", "value": ["more", "output"]}]),
        step("answer", "answer", 900, answer="It is {{#loop.text#}}"),
    ]  # fmt: skip
    edges = [wire("start", "loop"), wire("begin", "more"), wire("more", "keep"), wire("loop", "answer")]
    found = drawn(app_of(nodes, edges))
    assert not errors(found.graph)
    ran = await played(found.graph, "go", FakeRemote())
    assert (ran["reply"], ran["failed"]) == ("It is aaa", [])


async def test_an_agent_has_its_tools():
    tools = [
        {"enabled": True, "type": "builtin", "provider_name": "langgenius/tavily/tavily", "tool_name": "tavily_search", "tool_label": "Tavily", "settings": {}, "extra": {"description": "Looks it up"}},
        {"enabled": True, "type": "builtin", "provider_name": "time", "tool_name": "current_time", "tool_label": "Time"},
        {"enabled": True, "type": "api", "provider_name": "crm", "tool_name": "find_customer", "tool_label": "CRM"},
        {"enabled": False, "type": "builtin", "provider_name": "x", "tool_name": "off"},
    ]  # fmt: skip
    said = {
        "instruction": "Help.",
        "query": "{{#sys.query#}}",
        "maximum_iterations": 3,
        "model": {"provider": "langgenius/openai/openai", "model": "gpt-4o", "model_type": "llm"},
        "tools": tools,
    }
    given = {name: {"type": "constant", "value": value} for name, value in said.items()}
    nodes = [
        step("start", "start"),
        step("agent", "agent", 300, agent_strategy_name="function_calling", agent_parameters=given),
        step("answer", "answer", 600, answer="{{#agent.text#}}"),
    ]
    found = drawn(app_of(nodes, [wire("start", "agent"), wire("agent", "answer")]))
    (agent,) = [node for node in found.graph.nodes if node.type == "language.remote_agent"]
    assert (agent.settings["model_name"], agent.settings["most_steps"]) == ("gpt-4o", 3)
    offering = {wire.source for wire in found.graph.wires if wire.target_port == "tools"}
    kinds = sorted(node.type for node in found.graph.nodes if node.id in offering)
    assert kinds == ["flow.placeholder", "tools.date", "tools.http_request"]
    assert {"host": "api.tavily.com", "node": "agent"} in found.report.hosts
    ran = await played(found.graph, "Who?", FakeRemote(says=lambda messages: "Ada"))
    assert (ran["reply"], ran["failed"]) == ("Ada", [])


async def test_a_script_and_a_document():
    nodes = [
        step("start", "start", variables=[{"variable": "paper", "label": "Paper", "type": "file"}]),
        step("read", "document-extractor", 300, variable_selector=["start", "paper"]),
        step("count", "code", 600, code_language="javascript", code="function main({text}) { return {words: text.split(' ').length} }", variables=[{"variable": "text", "value_selector": ["read", "text"]}]),
        step("end", "end", 900, outputs=[{"variable": "words", "value_selector": ["count", "words"]}]),
    ]  # fmt: skip
    edges = [wire("start", "read"), wire("read", "count"), wire("count", "end")]
    ran = await played(drawn(app_of(nodes, edges)).graph, "", FakeRemote(), paper="one two three")
    assert (ran["reply"], ran["failed"]) == ("3", [])


def app_of(nodes, edges):
    graph = {"nodes": nodes, "edges": edges}
    return {"app": {"name": "Greeter", "mode": "advanced-chat"}, "workflow": {"graph": graph}}
