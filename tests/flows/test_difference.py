"""What changed between two graphs, as people name it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.engine.graph import Graph
from flowbuilder.flows.difference import difference

HELLO = {
    "nodes": [
        {"id": "start", "type": "flow.start", "label": "Question"},
        {"id": "prompt", "type": "text.prompt", "settings": {"template": "Hello, {{ name }}!"}},
        {"id": "reply", "type": "flow.reply"},
    ],
    "wires": [
        {"id": "w1", "source": "start", "target": "prompt", "target_port": "name"},
        {"id": "w2", "source": "prompt", "target": "reply", "target_port": "content"},
    ],
}


def changed(**node) -> Graph:
    nodes = [{**known, **(node if known["id"] == node["id"] else {})} for known in HELLO["nodes"]]
    return Graph.model_validate({**HELLO, "nodes": nodes})


def test_a_setting_is_told_with_both_values():
    found = difference(Graph.model_validate(HELLO), changed(id="prompt", settings={"template": "Bye!"}))
    (change,) = found.changed
    assert (change.name, change.type) == ("prompt", "text.prompt")
    assert [vars(setting) for setting in change.settings] == [
        {"name": "template", "before": "Hello, {{ name }}!", "after": "Bye!"}
    ]


def test_nodes_that_come_and_go_take_their_wires_along():
    less = {"nodes": [HELLO["nodes"][0], HELLO["nodes"][2]], "wires": []}
    less["wires"] = [{"id": "w9", "source": "start", "target": "reply", "target_port": "content"}]
    found = difference(Graph.model_validate(HELLO), Graph.model_validate(less))
    assert [node.id for node in found.removed] == ["prompt"] and not found.added
    assert found.connected == ("Question.out → reply.content",)
    assert found.disconnected == ("Question.out → prompt.name", "prompt.out → reply.content")


@pytest.mark.parametrize("looks", [{"position": {"x": 9, "y": 9}}])
def test_looks_are_no_difference(looks):
    assert not difference(Graph.model_validate(HELLO), changed(id="prompt", **looks))


SETTINGS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3)
GRAPHS = st.dictionaries(st.sampled_from("xyz"), SETTINGS, max_size=3).map(
    lambda nodes: Graph.model_validate(
        {"nodes": [{"id": key, "type": "text.prompt", "settings": found} for key, found in nodes.items()]}
    )
)


@given(GRAPHS, GRAPHS)
def test_backwards_everything_is_the_other_way_round(one, other):
    there, back = difference(one, other), difference(other, one)
    assert set(there.added) == set(back.removed) and set(there.removed) == set(back.added)
    assert {(c.id, s.name, s.before, s.after) for c in there.changed for s in c.settings} == {
        (c.id, s.name, s.after, s.before) for c in back.changed for s in c.settings
    }
    assert bool(there) == (not one.runs_like(other))


def test_over_http(api_client, owner, stranger):
    client = api_client(owner)
    body = {"name": "Hello", "template": "hello"}
    flow = client.post("/api/flows", body, content_type="application/json").json()
    path = f"/api/flows/{flow['id']}"
    client.post(f"{path}/versions", {}, content_type="application/json")
    graph = flow["graph"]
    graph["nodes"][1]["settings"]["template"] = "Bye, {{ name }}!"
    client.put(path, {"graph": graph, "revision": 1}, content_type="application/json")
    found = client.get(f"{path}/difference?since=1").json()
    assert found["changed"][0]["settings"][0]["after"] == "Bye, {{ name }}!"
    assert client.get(f"{path}/difference?since=1&version=1").json()["changed"] == []
    assert client.get(f"{path}/difference?since=7").status_code == 404
    assert api_client(stranger).get(f"{path}/difference?since=1").status_code == 404


def grouped(template: str, mode: str = "on") -> Graph:
    inner = {"id": "inner", "type": "text.prompt", "settings": {"template": template}, "mode": mode}
    group = {"id": "group", "type": "flow.group", "body": {"nodes": [inner]}}
    return Graph.model_validate({**HELLO, "nodes": [*HELLO["nodes"], group]})


def test_what_stands_in_a_group_is_named_by_its_path():
    (change,) = difference(grouped("a"), grouped("b", mode="off")).changed
    assert (change.id, change.name) == ("group/inner", "group/inner")
    told = [(setting.name, setting.before, setting.after) for setting in change.settings]
    assert told == [("mode", "on", "off"), ("template", "a", "b")]
    assert [node.id for node in difference(Graph.model_validate(HELLO), grouped("a")).added] == [
        "group",
        "group/inner",
    ]


def test_modes_what_stands_in_groups_and_frames_are_told():
    body = {"nodes": [{"id": "inner", "type": "text.prompt", "settings": {"template": "a"}}]}
    group = {"id": "each", "type": "flow.each", "label": "Each mail", "body": body}
    before = Graph.model_validate({**HELLO, "nodes": [*HELLO["nodes"], group]})
    inner = [{**body["nodes"][0], "settings": {"template": "b"}}, {"id": "more", "type": "flow.reply"}]
    wires = [{"id": "w", "source": "inner", "target": "more", "target_port": "content"}]
    nodes = [
        {**HELLO["nodes"][0], "mode": "off"},
        *HELLO["nodes"][1:],
        {**group, "body": {"nodes": inner, "wires": wires}},
    ]
    after = Graph.model_validate({**HELLO, "nodes": nodes, "frames": [{"id": "f", "title": "Asking"}]})
    found = difference(before, after)
    settings = {change.id: [vars(setting) for setting in change.settings] for change in found.changed}
    assert settings["start"] == [{"name": "mode", "before": "on", "after": "off"}]
    assert settings["each/inner"] == [{"name": "template", "before": "a", "after": "b"}]
    assert [(node.id, node.name) for node in found.added] == [("each/more", "each/more")]
    assert found.connected == ("each/inner.out → each/more.content",)
    assert (found.framed, found.unframed) == (("Asking",), ())
