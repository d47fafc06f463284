"""Places the nodes of a graph that has no places: in columns by how far they are from the start."""

from __future__ import annotations

from flowbuilder.engine.graph import Graph, NodeSpec, Position

ACROSS, DOWN = 310, 190
"""From one column to the next, and from one node to the one below it."""


def placed(graph: Graph) -> Graph:
    """The same graph, its nodes in layers by the longest way to them (Sugiyama, Tagawa, Toda 1981, step 1), each
    layer in the order of its nodes' sources (the barycentre of step 2, once). Bodies of groups likewise."""
    columns = _columns(graph)
    before: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for wire in graph.wires:
        if wire.target in before and wire.source in before:
            before[wire.target].append(wire.source)
    row: dict[str, float] = {}
    for layer in columns:
        means = {
            id_: sum(row[source] for source in before[id_] if source in row) / max(1, len(before[id_]))
            for id_ in layer
        }
        for number, id_ in enumerate(sorted(layer, key=lambda each: means[each])):
            row[id_] = number - (len(layer) - 1) / 2
    column = {id_: number for number, layer in enumerate(columns) for id_ in layer}

    def put(node: NodeSpec) -> NodeSpec:
        position = Position(x=ACROSS * column[node.id], y=DOWN * row[node.id])
        return node.model_copy(update={"position": position, "body": node.body and placed(node.body)})

    return graph.model_copy(update={"nodes": tuple(put(node) for node in graph.nodes)})


def _columns(graph: Graph) -> list[list[str]]:
    ids = [node.id for node in graph.nodes]
    depth = dict.fromkeys(ids, 0)
    wires = [wire for wire in graph.wires if wire.source in depth and wire.target in depth]
    # A path has fewer wires than there are nodes; what lies on a circle stops there instead of going on for ever.
    for _ in ids:
        moved = False
        for wire in wires:
            if depth[wire.target] <= depth[wire.source] < len(ids) - 1:
                depth[wire.target], moved = depth[wire.source] + 1, True
        if not moved:
            break
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for id_ in ids:
        layers[depth[id_]].append(id_)
    return [layer for layer in layers if layer]
