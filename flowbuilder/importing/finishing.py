"""The last touch: a drawing becomes a graph, and the report names nodes by where they stand now."""

from __future__ import annotations

from pydantic import ValidationError

from flowbuilder.engine.graph import Graph
from flowbuilder.flows.nodes import catalogue
from flowbuilder.importing.cards import spread_out
from flowbuilder.importing.drawing import Drawing
from flowbuilder.importing.original import Unreadable
from flowbuilder.importing.report import Report


def finished(drawing: Drawing, report: Report) -> Graph:
    """Errors: ``Unreadable`` where it would be larger than a flow may be."""
    try:
        graph = spread_out(drawing.graph(), catalogue())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the graph"
        raise Unreadable(f"{where}: {first['msg']}") from error
    except ValueError as error:
        raise Unreadable(str(error)) from error
    paths = {path.rpartition("/")[2]: path for path, _ in graph.everything()}
    for item in report.items:
        item.became = [paths.get(id_, id_) for id_ in item.became]
    stands = {path for item in report.items for path in item.became}
    report.added = sorted(path for path in paths.values() if path not in stands)
    report.hosts = [dict(pair) for pair in dict.fromkeys(tuple(row.items()) for row in report.hosts)]
    report.secrets = [dict(pair) for pair in dict.fromkeys(tuple(row.items()) for row in report.secrets)]
    return graph
