"""A graph that somebody sent, in its typed form."""

from typing import Any

from pydantic import ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph


def parse_graph(graph: Any) -> Graph:
    """The graph in its typed form; ``ApiError`` 422 names the part that is malformed."""
    try:
        return Graph.model_validate(graph)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "graph"
        raise ApiError("invalid_graph", f"{where}: {first['msg']}", 422) from error
