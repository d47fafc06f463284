"""What stands in a group, run by itself: which group, and in which of its rounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.compiled import Compiled
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.values import from_json
from nodes.base import NodeError

ENTRY = "flow.group_input"
IN_ROUNDS = {"flow.each", "flow.repeat"}
"""Groups whose body runs more than once, so that its paths have a number."""
BY_ITSELF = {"flow.group", *IN_ROUNDS}
STEP = re.compile(r"(?P<id>[^\[\]]+)(?:\[(?P<number>\d{1,9})\])?")


def body_at(graph: Graph, path: str) -> tuple[str, Graph]:
    """The group's path as it runs, ``each_1[0]`` where no round is named, and what stands in it."""
    steps = []
    for step in path.split("/"):
        found = STEP.fullmatch(step)
        node = found and next((node for node in graph.nodes if node.id == found["id"]), None)
        if not found or not node or node.body is None:
            raise NodeError(f"There is no group '{path[:200]}' in the flow.")
        if node.type not in BY_ITSELF:
            raise NodeError(f"'{node.id}' calls another flow: run a part of that flow where it is drawn.")
        steps.append(f"{node.id}[{int(found['number'] or 0)}]" if node.type in IN_ROUNDS else node.id)
        graph = node.body
    return "/".join(steps), graph


def values_given(body: Graph, given: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """What stands for its Group inputs, from JSON; ``NodeError`` names the one whose type is another by now."""
    return from_json(tuple(Compiled(body, catalogue).group_inputs()), given)
