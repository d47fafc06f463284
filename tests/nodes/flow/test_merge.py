import pytest
from pydantic import ValidationError

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.ports import inputs_of
from flowbuilder.engine.run import run
from nodes.flow.merge import Merge
from nodes.types import Record


async def test_how_it_joins():
    assert await Merge().run(values=["a", "b"]) == {"out": "a"}
    assert await Merge(how="text", separator=" + ").run(values=["a", 2]) == {"out": "a + 2"}
    joined = await Merge(how="list").run(values=["a", Record(data={"n": 1})])
    assert joined["out"].data == ["a", {"n": 1}]
    joined = await Merge(how="object", names=("price", "place")).run(price='{"eur": 4}', place="Graz")
    assert joined["out"].data == {"price": {"eur": 4}, "place": "Graz"}


def test_settings_decide_the_ports():
    assert [(port.name, port.gathers) for port in inputs_of(Merge())] == [("values", True)]
    ports = inputs_of(Merge(how="object", names=("a", "b")))
    assert [(port.name, port.required) for port in ports] == [("a", False), ("b", False)]
    assert all(port.required for port in inputs_of(Merge(how="object", names=("a", "b"), need_all=True)))
    with pytest.raises(ValidationError, match="two inputs are called 'a'"):
        Merge(names=("a", "a"))


async def test_fanned_out_branches_are_joined_and_untaken_ones_left_out(make_context):
    """Fan-out is plain wiring: one output to several nodes, which run side by side."""
    ways = {"branches": [{"name": "yes", "rules": [{"value": "parcel"}]}]}
    nodes = [
        {"id": "start", "type": "flow.start"},
        {"id": "if", "type": "flow.condition", "settings": ways},
        {"id": "loud", "type": "text.prompt", "settings": {"template": "{{ a }}!"}},
        {"id": "quiet", "type": "text.prompt", "settings": {"template": "({{ a }})"}},
        {"id": "never", "type": "text.prompt", "settings": {"template": "never {{ a }}"}},
        {"id": "merge", "type": "flow.merge", "settings": {"how": "text", "separator": "|"}},
        {"id": "reply", "type": "flow.reply"},
    ]
    ends = [
        ("start.out", "if.value"),
        ("if.yes", "loud.a"),
        ("if.yes", "quiet.a"),
        ("if.else", "never.a"),
        ("loud.out", "merge.values"),
        ("never.out", "merge.values"),
        ("quiet.out", "merge.values"),
        ("merge.out", "reply.content"),
    ]
    wires = [
        {
            "id": str(number),
            "source": source.split(".")[0],
            "source_port": source.split(".")[1],
            "target": target.split(".")[0],
            "target_port": target.split(".")[1],
        }
        for number, (source, target) in enumerate(ends)
    ]
    played = run(
        Graph.model_validate({"nodes": nodes, "wires": wires}),
        {"question": "A parcel"},
        catalogue=Catalogue.load(),
        context_for=lambda node, report: make_context(report=report),
    )
    events = [event async for event in played]
    assert events[-1].data["reply"] == "A parcel!|(A parcel)"
    assert [event.node for event in events if event.type == "node.skipped"] == ["never"]
