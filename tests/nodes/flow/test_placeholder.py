import pytest

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.ports import inputs_of, outputs_of
from flowbuilder.engine.validate import problems
from nodes.base import NodeError
from nodes.flow.placeholder import Placeholder


def test_it_has_the_ports_that_were_wired():
    node = Placeholder(takes=("before", "model"), gives=("yes", "no"))
    assert [port.name for port in inputs_of(node)] == ["before", "model"]
    assert [port.name for port in outputs_of(node).ports] == ["yes", "no", "tool"]


async def test_a_run_stops_there_and_says_what_is_missing():
    node = Placeholder(was="Flowise: csvAgent", missing="Take an agent with the tool 'Table'.")
    with pytest.raises(NodeError, match=r"'Flowise: csvAgent' was imported .* Take an agent"):
        await node.run()


async def test_a_model_is_told_that_it_does_not_work(make_context):
    context = make_context()
    assert "do not call it" in await Placeholder(was="Flowise: serpAPI").about(context)
    assert await Placeholder().parameters(context) == {
        "type": "object",
        "properties": {},
        "additionalProperties": False,
    }


def test_the_editor_names_it():
    graph = Graph.model_validate(
        {"nodes": [{"id": "p", "type": "flow.placeholder", "settings": {"was": "X: y"}}]}
    )
    found = [problem for problem in problems(graph, Catalogue.load()) if problem.code == "placeholder"]
    assert [(problem.node, problem.severity) for problem in found] == [
        ("p", "warning")
    ] and "'X: y'" in found[0].message
