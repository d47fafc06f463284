"""Graphs for tests of models."""

from typing import Any


def asking(*refs: str) -> dict[str, Any]:
    """A graph with a model node for each reference."""
    return {
        "nodes": [
            {"id": f"ask_{index}", "type": "language.local_model", "settings": {"model": ref}}
            for index, ref in enumerate(refs)
        ],
        "wires": [],
    }
