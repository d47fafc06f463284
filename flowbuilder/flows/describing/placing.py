"""Where the nodes of a drafted flow stand: in columns, each behind what it waits for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

COLUMN, ROW = 320, 170


def placed(nodes: list[dict[str, Any]], wires: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The nodes with positions; the wires make no circle. A column is the longest way from a beginning (Sugiyama et al. 1981, layering)."""
    before: dict[str, set[str]] = defaultdict(set)
    for wire in wires:
        before[wire["target"]].add(wire["source"])
    columns: dict[str, int] = {}

    def column(node: str) -> int:
        if node not in columns:
            columns[node] = 1 + max((column(source) for source in before[node]), default=-1)
        return columns[node]

    rows: dict[int, int] = defaultdict(int)
    found = []
    for node in nodes:
        x = column(node["id"])
        found.append({**node, "position": {"x": x * COLUMN, "y": rows[x] * ROW}})
        rows[x] += 1
    return [
        {
            **node,
            "position": {
                **node["position"],
                "y": node["position"]["y"] - (rows[columns[node["id"]]] - 1) * ROW // 2,
            },
        }
        for node in found
    ]
