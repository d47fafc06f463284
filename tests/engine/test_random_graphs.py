"""Random graphs with groups in them, modes and ports of failure: what must hold of each."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.draft import Draft
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.leading import place_of
from flowbuilder.engine.partial import Asked, part_of, unchanged_since
from flowbuilder.engine.run import batches
from nodes.base import Context, NodeError

CATALOGUE = Catalogue.load(["nodes", "tests.sample_nodes"])
DRAFT = Draft("r")
CONTEXT = Context(models=None, knowledge=None, training=None)
GROUPS = {
    "flow.group": {},
    "flow.each": {"on_failure": "skip", "at_once": 2},
    "flow.repeat": {"rounds": 2, "until": "enough"},
}


def prompt(node_id: str, sources: list[tuple[str, str]], extra: dict) -> tuple[dict, list[dict]]:
    template = node_id + "".join(f"{{{{ x{place} }}}}" for place in range(len(sources)))
    node = {"id": node_id, "type": "text.prompt", "settings": {"template": template}, **extra}
    wires = [
        {
            "id": f"{node_id}-{place}",
            "source": s,
            "source_port": p,
            "target": node_id,
            "target_port": f"x{place}",
        }
        for place, (s, p) in enumerate(sources)
    ]
    return node, wires


def single(kind: str, node_id: str, source: tuple[str, str], port: str, **extra) -> tuple[dict, list[dict]]:
    wire = {"id": f"{node_id}-0", "source": source[0], "source_port": source[1]}
    return {"id": node_id, "type": kind, **extra}, [{**wire, "target": node_id, "target_port": port}]


@st.composite
def levels(draw, first: dict, depth: int):
    """Nodes behind ``first``: prompts, texts that may break, forks, and groups of the same."""
    nodes, wires, gives = [first], [], [(first["id"], "out")]
    for number in range(draw(st.integers(1, 5))):
        kind = draw(
            st.sampled_from(["prompt", "prompt", "breaks", "fork", *(["group"] * 2 if depth else [])])
        )
        source = draw(st.sampled_from(gives))
        mode = {"mode": draw(st.sampled_from(["on"] * 8 + ["off", "bypass"]))}
        if kind == "prompt":
            sources = draw(st.lists(st.sampled_from(gives), min_size=1, max_size=3, unique=True))
            node, into = prompt(f"p{number}", sources, mode)
            gives.append((node["id"], "out"))
        elif kind == "breaks":
            node, into = single("breaks_on", f"b{number}", source, "text", on_error="port",
                                settings={"letter": draw(st.sampled_from("qp"))}, **mode)  # fmt: skip
            gives += [(node["id"], "out"), (node["id"], "error")]
        elif kind == "fork":
            node, into = single(
                "fork", f"f{number}", source, "text", settings={"to_yes": draw(st.booleans())}
            )
            gives += [(node["id"], "yes"), (node["id"], "no")]
        else:
            group = draw(st.sampled_from(sorted(GROUPS)))
            entry = {"id": "in", "type": "flow.group_input", "settings": {"name": "item"}}
            body, inner = draw(levels(entry, depth - 1))
            end, to_end = single(
                "flow.group_output",
                "end",
                draw(st.sampled_from(inner)),
                "content",
                settings={"name": "result"},
            )
            body = {"nodes": [*body["nodes"], end], "wires": [*body["wires"], *to_end]}
            port = "items" if group == "flow.each" else "item"
            # For each takes lists, and not everything that may arrive is one.
            how = {"settings": GROUPS[group], "body": body, "on_error": "port", **mode}
            node, into = single(group, f"g{number}", source, port, **how)
            gives += [(node["id"], "result"), (node["id"], "error")]
        nodes.append(node)
        wires += into
    return {"nodes": nodes, "wires": wires}, gives


@st.composite
def graphs(draw):
    graph, _ = draw(levels({"id": "start", "type": "flow.start"}, 2))
    return Graph.model_validate({**graph, "nodes": draw(st.permutations(graph["nodes"]))})


def play(graph, **options) -> list[list]:
    async def collect():
        stream = batches(
            graph, {"question": "q1\nw2\nq3"}, catalogue=CATALOGUE, context_for=lambda *_: CONTEXT, **options
        )
        async with asyncio.timeout(30):
            return [batch async for batch in stream]

    return asyncio.run(collect())


def settled(batches_) -> dict[str, dict]:
    """Path -> what is stored for it."""
    return {
        event.node: event.data.get("outputs", {})
        for batch in batches_
        for event in batch
        if event.type == "node.skipped" or "outputs" in event.data
    }


def at_the_end(found: dict) -> dict:
    return {node: outputs for node, outputs in found.items() if "/" not in node and "[" not in node}


@settings(max_examples=60)
@given(graphs())
def test_what_must_run_runs_once_after_what_it_needs(graph):
    played = play(graph)
    events = [event for batch in played for event in batch]
    assert events[-1].type == "run.finished"
    assert set(at_the_end(settled(played))) == {node.id for node in graph.nodes}
    ends = [event.node for event in events if event.type == "node.skipped" or "outputs" in event.data]
    assert len(ends) == len(set(ends))
    begun: dict[str, int] = {}
    over: dict[str, int] = {}
    for place, batch in enumerate(played):
        for event in batch:
            if event.type == "node.started":
                begun[event.node] = place
            elif event.type == "node.skipped" or "outputs" in event.data:
                over[event.node] = place
    for node, place in begun.items():
        scope = node.rpartition("/")[0]
        if node.endswith("]"):
            continue  # a round begins with its group
        for wire in graph.into(place_of(node)):
            source = f"{scope}/{wire.source.rpartition('/')[2]}" if scope else wire.source
            if graph.node(place_of(source)).type != "flow.group_input":
                # In an earlier batch: the consumer has stored it by then. Skips need no storing.
                assert over[source] < place or settled(played)[source] == {}


@settings(max_examples=60)
@given(graphs(), st.data())
def test_resumed_from_any_commit_it_gives_the_same(graph, data):
    played = play(graph)
    whole = settled(played)
    cut = data.draw(st.integers(0, len(played)))
    kept = settled(played[:cut])
    again = play(graph, finished=kept)
    rest = settled(again)
    assert at_the_end({**kept, **rest}) == at_the_end(whole)
    assert again[-1][-1].data == played[-1][-1].data
    assert not set(kept) & set(rest)


@settings(max_examples=60)
@given(graphs(), st.data())
def test_a_part_on_top_of_an_earlier_run_equals_the_whole(graph, data):
    whole = at_the_end(settled(play(graph, draft=DRAFT)))
    node = data.draw(st.sampled_from([node.id for node in graph.nodes]))
    way = data.draw(st.sampled_from(["only", "until", "start_from", ""]))
    asked = Asked(**({way: node} if way else {}))
    part = part_of(graph, asked, whole, unchanged_since(graph, graph))
    played = play(graph.reduced({*part.nodes, *part.kept}), kept=part.kept, draft=DRAFT)
    found = at_the_end(settled(played))
    assert found == {name: whole[name] for name in found}
    assert not way or node in part.nodes
    anew = {
        event.node
        for batch in played
        for event in batch
        if event.type == "node.started" and "/" not in event.node and not event.node.endswith("]")
    }
    assert anew <= set(part.nodes)


@settings(max_examples=60)
@given(graphs(), st.data())
def test_without_an_earlier_run_a_part_runs_or_says_what_is_missing(graph, data):
    whole = at_the_end(settled(play(graph)))
    node = data.draw(st.sampled_from([node.id for node in graph.nodes]))
    part = part_of(graph, Asked(until=node), {}, set())
    assert settled(play(graph.reduced(part.nodes)))[node] == whole[node]
    try:
        part_of(graph, Asked(start_from=node), {}, set())
    except NodeError as missing:
        assert f"'{node}' builds on" in str(missing)
