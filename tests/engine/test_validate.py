"""A bad graph is named: the node, the port, the reason, what would fit."""

import pytest
from pydantic import ValidationError

from flowbuilder.engine.graph import Graph
from flowbuilder.engine.validate import problems

START, REPLY = ("flow.start", {}), ("flow.reply", {})


def only(found):
    assert len(found) == 1, found
    return found[0]


def test_a_right_graph_has_none(make_graph, catalogue):
    assert problems(make_graph({"s": START, "r": REPLY}, ["s.out>r.content"]), catalogue) == []


def test_an_unconnected_input_lists_what_would_fit(make_graph, catalogue):
    problem = only(problems(make_graph({"s": START, "r": REPLY}, []), catalogue)[:1])
    assert (problem.node, problem.port, problem.code, problem.fits) == (
        "r",
        "content",
        "unconnected",
        ["s.out"],
    )


def test_an_unknown_type(make_graph, catalogue):
    found = problems(make_graph({"x": ("text.gone", {})}, []), catalogue)
    assert found[0].node == "x" and "text.gone" in found[0].message


def test_a_bad_setting_is_named(make_graph, catalogue):
    found = problems(make_graph({"k": ("knowledge.retrieve", {"limit": 999})}, []), catalogue)
    assert found[0].code == "settings" and "'limit'" in found[0].message


def test_a_mistyped_wire_says_both_types(make_graph, catalogue):
    graph = make_graph({"s": START, "c": ("cite", {}), "r": REPLY}, ["s.out>c.passages", "c.out>r.content"])
    problem = only(problems(graph, catalogue))
    assert (problem.node, problem.port, problem.code) == ("c", "passages", "type")
    assert problem.message == "'passages' takes Passages, but 'out' gives text."


def test_a_value_that_says_how_it_becomes_text_fits_text(make_graph, catalogue):
    graph = make_graph(
        {"s": START, "k": ("knowledge.retrieve", {}), "g": ("gate", {}), "r": REPLY},
        ["s.out>k.question", "k.out>g.text", "g.out>r.content"],
    )
    assert problems(graph, catalogue) == []


def test_a_cycle_is_named(make_graph, catalogue):
    graph = make_graph(
        {"a": ("gate", {}), "b": ("gate", {}), "r": REPLY},
        ["a.out>b.text", "b.out>a.text", "b.out>r.content"],
    )
    assert "a → b → a" in only(problems(graph, catalogue)).message


def test_a_wire_to_nowhere(make_graph, catalogue):
    found = problems(make_graph({"s": START, "r": REPLY}, ["s.out>r.content", "s.out>gone.text"]), catalogue)
    assert only(found).code == "wire" and "'gone'" in found[0].message


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError, match="colour"):
        Graph.model_validate({"nodes": [{"id": "a", "type": "flow.start", "colour": "red"}]})


def test_a_thousand_nodes_are_checked(make_graph, catalogue):
    nodes = {"n0": START} | {f"n{i}": ("gate", {}) for i in range(1, 1000)}
    wires = [f"n{i}.out>n{i + 1}.text" for i in range(999)]
    assert problems(make_graph({**nodes, "r": REPLY}, [*wires, "n999.out>r.content"]), catalogue) == []
