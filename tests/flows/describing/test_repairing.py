"""Whatever a model writes becomes a graph that can be looked at, and each change to it is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowbuilder.engine.graph import find_cycle
from flowbuilder.engine.validate import problems
from flowbuilder.flows.describing.repairing import repair, written
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.parsing import parse_graph
from nodes.base import NodeError


def types(made):
    return [node["type"] for node in made.nodes]


def wires(made):
    return {
        f"{wire['source']}.{wire['source_port']} {wire['target']}.{wire['target_port']}"
        for wire in made.wires
    }


def errors(made):
    return [
        problem for problem in problems(parse_graph(made.graph), catalogue()) if problem.severity == "error"
    ]


GOOD = {
    "nodes": [
        {"id": "ask", "type": "flow.start", "label": "Question", "settings": {}},
        {"id": "say", "type": "text.prompt", "label": "", "settings": {"template": "Answer: {{ question }}"}},
        {"id": "model", "type": "language.local_model", "label": "", "settings": {"temperature": 0.2}},
        {"id": "end", "type": "flow.reply", "label": "", "settings": {}},
    ],
    "wires": [
        {"from": "ask.out", "to": "say.question"},
        {"from": "say.out", "to": "model.prompt"},
        {"from": "model.out", "to": "end.content"},
    ],
}


def test_what_is_right_stays_as_it_is():
    made = repair(GOOD)
    assert made.notes == [] and errors(made) == []
    assert types(made) == [node["type"] for node in GOOD["nodes"]]
    assert wires(made) == {
        "start_1.out prompt_1.question",
        "prompt_1.out local_model_1.prompt",
        "local_model_1.out reply_1.content",
    }
    xs = [node["position"]["x"] for node in made.graph["nodes"]]
    assert xs == sorted(xs) and len(set(xs)) == 4


def test_types_that_there_are_not_are_taken_for_the_like_or_left_out():
    drawn = {
        "nodes": [
            *GOOD["nodes"][:1],
            {"id": "say", "type": "prompt", "settings": GOOD["nodes"][1]["settings"]},
            {"id": "x", "type": "magic.wand"},
            GOOD["nodes"][3],
        ],
        "wires": [{"from": "ask.out", "to": "say.question"}, {"from": "say.out", "to": "x.in"}],
    }
    made = repair(drawn)
    assert types(made) == ["flow.start", "text.prompt", "flow.reply"] and errors(made) == []
    assert any("magic.wand" in note for note in made.notes) and any(
        "text.prompt" in note for note in made.notes
    )


def test_wrong_ports_are_mended_by_type():
    drawn = {
        **GOOD,
        "wires": [
            {"from": "ask.text", "to": "say.input"},
            {"from": "say.prompt", "to": "model.in"},
            {"from": "model.answer", "to": "end.text"},
        ],
    }
    assert wires(repair(drawn)) == wires(repair(GOOD))


def test_what_is_not_connected_is_connected_where_something_gives_it():
    made = repair({"nodes": GOOD["nodes"]})
    assert errors(made) == [] and wires(made) == wires(repair(GOOD))
    assert len(made.notes) == 3


def test_a_flow_without_ends_gets_them():
    made = repair({"nodes": GOOD["nodes"][1:3], "wires": GOOD["wires"][1:2]})
    assert types(made)[0] == "flow.start" and types(made)[-1] == "flow.reply" and errors(made) == []


def test_settings_that_a_node_does_not_take_are_dropped_and_named():
    nodes = [
        *GOOD["nodes"][:2],
        {**GOOD["nodes"][2], "settings": {"temperature": "hot", "colour": "red", "top_p": 0.5}},
        GOOD["nodes"][3],
    ]
    made = repair({**GOOD, "nodes": nodes})
    assert made.nodes[2]["settings"] == {"top_p": 0.5}
    assert any("temperature" in note for note in made.notes) and any("colour" in note for note in made.notes)


def test_a_circle_is_not_drawn():
    nodes = [
        GOOD["nodes"][0],
        *(
            {**GOOD["nodes"][1], "id": name, "settings": {"template": "{{ a }} {{ b }}"}}
            for name in ("one", "two")
        ),
        GOOD["nodes"][3],
    ]
    made = repair(
        {"nodes": nodes, "wires": [{"from": "one.out", "to": "two.a"}, {"from": "two.out", "to": "one.a"}]}
    )
    assert any("circle" in note for note in made.notes)


TEXT = st.sampled_from(
    [
        "ask",
        "say",
        "",
        "flow.start",
        "text.prompt",
        "flow.each",
        "language.agent",
        "x.y",
        "out",
        "ask.out",
        "say.question",
        "end.content",
    ]
)
ANY = st.recursive(
    st.one_of(TEXT, st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
NODE = st.fixed_dictionaries(
    {},
    optional={
        "id": TEXT,
        "type": st.one_of(TEXT, st.sampled_from(sorted(catalogue().kinds))),
        "label": ANY,
        "settings": st.one_of(
            ANY,
            st.dictionaries(st.sampled_from(["template", "model", "temperature", "rules"]), ANY, max_size=3),
        ),
    },
)
WIRE = st.fixed_dictionaries({}, optional={"from": TEXT, "to": TEXT})


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "nodes": st.lists(st.one_of(NODE, ANY), max_size=8),
            "wires": st.lists(st.one_of(WIRE, ANY), max_size=10),
        },
    )
)
@settings(max_examples=150)
def test_anything_becomes_a_graph_without_circles_and_loose_wires(drawn):
    made = repair(drawn)
    graph = parse_graph(made.graph)
    ids = [node.id for node in graph.nodes]
    assert len(set(ids)) == len(ids) and not find_cycle(ids, graph.wires)
    wrong = {problem.code for problem in problems(graph, catalogue())}
    assert not wrong & {"wire", "port", "type", "cycle", "duplicate", "settings", "unknown-type"}


@pytest.mark.parametrize("text", ["", "I cannot draw.", "[1]", "{", '{"nodes": '])
def test_what_is_no_flow_says_so(text):
    with pytest.raises(NodeError, match="no flow"):
        written(text)


def test_words_around_the_flow_do_not_matter():
    assert written('Here it is:\n```json\n{"nodes": []}\n```') == {"nodes": []}
