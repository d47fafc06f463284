"""A flow as a file, and back: nothing is lost but what is meant to stay behind."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.files.reading import read
from flowbuilder.flows.files.writing import as_file, layout_of, text_of
from flowbuilder.flows.gallery import templates
from flowbuilder.flows.placing import placed

NAMES = st.text("abcdef_.é提", min_size=1, max_size=6)
PLACES = st.fixed_dictionaries({"x": st.integers(-900, 900), "y": st.integers(-900, 900)})
SIZES = st.fixed_dictionaries({"width": st.integers(60, 900), "height": st.integers(60, 900)})
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)


def graphs(depth: int = 1) -> st.SearchStrategy[dict[str, Any]]:
    bodies = st.none() | graphs(depth - 1) if depth else st.none()
    node = st.fixed_dictionaries(
        {
            "id": NAMES,
            "type": st.sampled_from(["text.prompt", "flow.reply"]),
            "label": st.text(max_size=8),
            "settings": st.dictionaries(NAMES, VALUES, max_size=3),
            "position": PLACES,
            "mode": st.sampled_from(["on", "off", "bypass"]),
            "on_error": st.sampled_from(["stop", "port"]),
            "body": bodies,
        }
    )
    box = {"id": NAMES, "position": PLACES, "size": SIZES, "colour": st.sampled_from(["plain", "red"])}
    wire = st.fixed_dictionaries(
        {"id": NAMES, "source": NAMES, "source_port": NAMES, "target": NAMES, "target_port": NAMES}
    )

    def unique(things: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
        return st.lists(things, max_size=4, unique_by=lambda thing: thing["id"])

    return st.fixed_dictionaries(
        {
            "nodes": unique(node),
            "wires": unique(wire),
            "notes": unique(st.fixed_dictionaries({**box, "text": st.text(max_size=20)})),
            "frames": unique(st.fixed_dictionaries({**box, "title": st.text(max_size=20)})),
        }
    )


def shape(graph: Graph) -> Any:
    """Without the order of lists and the ids of wires, which a file does not keep."""
    wires: dict[Any, list[Any]] = {}
    for wire in graph.wires:
        wires.setdefault((wire.target, wire.target_port), []).append((wire.source, wire.source_port))
    return (
        {
            node.id: (node.model_copy(update={"body": None}), node.body and shape(node.body))
            for node in graph.nodes
        },
        wires,
        {note.id: note for note in graph.notes},
        {frame.id: frame for frame in graph.frames},
    )


def written(graph: Graph) -> str:
    return text_of({**as_file("Name", "slug", graph), "layout": layout_of(graph)})


@settings(max_examples=60)
@given(graphs(), st.randoms())
def test_it_comes_back_and_its_order_tells_nothing(data, random):
    graph = Graph.model_validate(data)
    text = written(graph)
    back = read("f.json", text.encode()).graph
    assert shape(back) == shape(graph)
    for things in (data["nodes"], data["notes"], data["frames"]):
        random.shuffle(things)
    assert written(Graph.model_validate(data)) == text == written(back)


@settings(max_examples=40)
@given(graphs())
def test_a_move_changes_the_layout_alone(data):
    graph = Graph.model_validate(data)
    moved = placed(graph)
    assert as_file("N", "s", moved) == as_file("N", "s", graph)
    beside = read("f.json", text_of(as_file("N", "s", graph)).encode(), text_of(layout_of(moved)).encode())
    assert shape(beside.graph) == shape(moved)


def test_pins_and_breakpoints_stay_behind():
    node = {"id": "a", "type": "text.prompt", "breakpoint": True, "pinned": {"out": "secret"}}
    text = written(Graph.model_validate({"nodes": [node]}))
    assert "secret" not in text and "breakpoint" not in text


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.slug)
def test_nodes_without_places_are_put_from_left_to_right(template):
    graph = placed(Graph.model_validate(template.graph))
    at = {node.id: node.position for node in graph.nodes}
    assert all(at[wire.source].x < at[wire.target].x for wire in graph.wires)
    assert len({(place.x, place.y) for place in at.values()}) == len(at)


GOOD = as_file("Name", "slug", Graph())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff", "not JSON"),
        (b"[]", "not a JSON object"),
        (json.dumps({**GOOD, "format": "n8n"}).encode(), "'format'"),
        (json.dumps({**GOOD, "version": 99}).encode(), "up to 1"),
        (json.dumps({**GOOD, "name": ""}).encode(), "'name'"),
        (json.dumps({**GOOD, "nodes": [{"id": "a"}]}).encode(), "nodes.0.type"),
        (json.dumps({**GOOD, "nodes": ["a"]}).encode(), "form that an export has"),
        (json.dumps({**GOOD, "nodes": [{"id": "a", "type": "t"}], "layout": {"nodes": {"a": [1]}}}).encode(), "form"),
        (b'{"format": ' + b"[" * 100_000, "not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_flow_is_refused_by_name(data, why):
    with pytest.raises(ApiError, match=r"'mine\.json'") as refused:
        read("mine.json", data)
    assert why in refused.value.message
