"""Changes lead from one graph to another, and those of different people come together alike in every order that keeps each one's own."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowbuilder.flows.editing.changes import (
    COLLECTIONS,
    Change,
    NotAChange,
    apply,
    changes_between,
    same,
    taken,
)

CASES = json.loads((Path(__file__).parent / "cases.json").read_text())


def whole(graph):
    return {name: graph.get(name, []) for name in COLLECTIONS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_what_a_change_does(case):
    changes = [Change(**change) for change in case["changes"]]
    assert same(apply(case["before"], changes), whole(case["after"]))


IDS = st.sampled_from("abcde")
VALUES = st.one_of(
    st.integers(0, 3), st.booleans(), st.text("xy", max_size=2), st.lists(st.integers(0, 2), max_size=2)
)


def listed(items):
    return st.lists(items, max_size=5, unique_by=lambda item: item["id"])


@st.composite
def graphs(draw, deep=1):
    body = st.one_of(st.none(), graphs(deep - 1)) if deep else st.none()
    node = st.fixed_dictionaries(
        {
            "id": IDS,
            "label": st.sampled_from(["", "A"]),
            "settings": st.dictionaries(st.sampled_from("pqr"), VALUES),
            "body": body,
        }
    )
    nodes = draw(listed(node))
    ends = st.sampled_from([node["id"] for node in nodes] or [""])
    wires = (
        draw(listed(st.fixed_dictionaries({"id": IDS, "source": ends, "target": ends, "target_port": IDS})))
        if nodes
        else []
    )
    unlike = {tuple(wire[name] for name in ("source", "target", "target_port")): wire for wire in wires}
    note = st.fixed_dictionaries({"id": IDS, "text": st.sampled_from(["", "t"])})
    return {
        "nodes": nodes,
        "wires": list(unlike.values()),
        "notes": draw(listed(note)),
        "frames": draw(listed(note)),
    }


@given(graphs(), graphs())
@settings(max_examples=300)
def test_the_changes_between_two_graphs_lead_from_one_to_the_other(before, after):
    assert same(apply(before, changes_between(before, after)), after)


@given(graphs())
@settings(max_examples=100)
def test_nothing_lies_between_a_graph_and_itself(graph):
    assert changes_between(graph, json.loads(json.dumps(graph))) == []


@given(graphs(), graphs(), graphs())
@settings(max_examples=200)
def test_changes_of_different_things_meet_alike_in_either_order(start, left, right):
    """Two people's changes that share no path give the same nodes and settings, whoever's came first."""
    mine, theirs = changes_between(start, left), changes_between(start, right)
    mine = [change for change in mine if not any(_meet(change, other) for other in theirs)]
    one, other = (apply(apply(start, first), second) for first, second in ((mine, theirs), (theirs, mine)))
    assert same(unordered(one), unordered(other))


def _meet(one, other):
    """One names what the other names, or something in it; wires meet the nodes that they hang on."""
    short = min(len(one.path), len(other.path))
    if one.path[:short] == other.path[:short]:
        return True
    kinds = {path[-2] for path in (one.path, other.path) if len(path) > 1}
    return "wires" in one.path or "wires" in other.path or (one.gone and "wires" in kinds)


def unordered(graph):
    def inside(item):
        return {**item, "body": unordered(item["body"])} if item.get("body") else item

    return {
        name: sorted((inside(item) for item in graph[name]), key=lambda item: item["id"])
        for name in COLLECTIONS
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["edges", "a"], {}),
        (["nodes", "a"], {"id": "b"}),
        (["nodes", "a"], 3),
        (["nodes", "a", "id"], "b"),
        (["nodes", "a", "label", "x"], 1),
        (["wires"], "all"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path, value):
    with pytest.raises(NotAChange):
        apply({"nodes": [{"id": "a"}]}, [Change(path=path, value=value)])


def test_an_id_is_taken_where_something_else_has_it():
    graph = {"nodes": [{"id": "a"}, {"id": "g", "body": {"nodes": [{"id": "b"}]}}]}
    there = Change(path=["nodes", "a"], value={"id": "a"})
    assert taken(graph, [there]) == []
    assert taken(graph, [Change(path=["nodes", "a"], value={"id": "a", "label": "Mine"})]) == ["a"]
    assert taken(
        graph, [Change(path=["nodes", "g", "body", "nodes", "b"], value={"id": "b", "label": "Mine"})]
    ) == ["b"]
    assert taken(graph, [Change(path=["nodes", "a", "label"], value="Mine")]) == []
