"""A flow from a file: what it says, or an error that names the file and what is wrong in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.files.writing import FORMAT, VERSION, Layout
from flowbuilder.flows.placing import placed

MOST_BYTES = 20 * 2**20


@dataclass(frozen=True)
class FlowFile:
    file: str
    name: str
    slug: str
    graph: Graph


def read(file: str, data: bytes, layout: bytes | None = None) -> FlowFile:
    """``layout``: the file that lies beside it; without one, and without places in the file, nodes are placed anew.

    Errors: ``ApiError`` 422.
    """
    found = _object(file, data)
    if found.get("format") != FORMAT:
        raise _refused(file, f"it is not a flow that was exported from here: its 'format' is not '{FORMAT}'")
    if not isinstance(found.get("version"), int) or not 1 <= found["version"] <= VERSION:
        told = f"its 'version' is {found.get('version')!r}; this installation reads up to {VERSION}"
        raise _refused(file, told)
    name, slug = (str(found.get(key) or "").strip() for key in ("name", "slug"))
    if not name or len(name) > 100:
        raise _refused(file, "its 'name' must have 1 to 100 characters")
    places = _object(file, layout) if layout is not None else found.get("layout")
    try:
        graph = graph_of(found, places if isinstance(places, dict) else {})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the graph"
        raise _refused(file, f"{where}: {first['msg']}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise _refused(file, "its nodes, wires or layout have not the form that an export has") from error
    return FlowFile(file, name, slug, graph if places else placed(graph))


def graph_of(found: dict[str, Any], layout: Layout | None = None) -> Graph:
    """The graph of a file's content, which may hold its layout itself."""
    return Graph.model_validate(_graph(found, found.get("layout", {}) if layout is None else layout))


def _object(file: str, data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise _refused(file, f"it is larger than {MOST_BYTES // 2**20} MB")
    try:
        found = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise _refused(file, "it is not JSON") from error
    if not isinstance(found, dict):
        raise _refused(file, "it is not a JSON object")
    return found


def _graph(found: dict[str, Any], layout: Layout) -> dict[str, Any]:
    at, bodies = layout.get("nodes", {}), layout.get("bodies", {})
    nodes = [
        {
            **node,
            **_place(at.get(node.get("id"))),
            **({"body": _graph(node["body"], bodies.get(node.get("id"), {}))} if node.get("body") else {}),
        }
        for node in found.get("nodes", [])
    ]
    wires = [{"id": f"w{number}", **wire} for number, wire in enumerate(found.get("wires", []), start=1)]
    boxes = {
        kind: [{**box, **_place(layout.get(kind, {}).get(box.get("id")))} for box in found.get(kind, [])]
        for kind in ("notes", "frames")
    }
    return {"nodes": nodes, "wires": wires, **boxes}


def _place(numbers: list[float] | None) -> dict[str, Any]:
    if not numbers:
        return {}
    x, y, *size = numbers
    box = {"size": {"width": size[0], "height": size[1]}} if size else {}
    return {"position": {"x": x, "y": y}, **box}


def _refused(file: str, why: str) -> ApiError:
    return ApiError("invalid_file", f"'{file}' was not imported: {why}.", 422)
