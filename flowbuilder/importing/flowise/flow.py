"""A flow of Flowise, whichever of its three kinds it is, as a graph of ours and a report."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.importing.finishing import finished
from flowbuilder.importing.flowise import agentflow, chatflow, sequential, supervised
from flowbuilder.importing.flowise.reading import read
from flowbuilder.importing.known import Known
from flowbuilder.importing.original import Source
from flowbuilder.importing.report import Report

AGENTFLOW, SEQUENCE = 2.5, 1.5
"""How many times as far apart nodes stand: Flowise's newer cards are a third as wide as ours, and carry no ports. What still overlaps is moved apart."""


def convert(data: Any, known: Known | None = None) -> tuple[Graph, Report]:
    """Errors: ``Unreadable``."""
    source = read(data)
    report = Report("Flowise")
    for start, end, why in source.strange:
        report.dropped.append({"source": start, "target": end, "why": why})
    known = known or Known()
    kinds = {node.kind for node in source.nodes.values()}
    if any(kind.endswith("Agentflow") for kind in kinds - {"stickyNoteAgentflow"}):
        _spread(source, report, AGENTFLOW)
        stage = agentflow.convert(source, report, known)
        return finished(stage.drawing, report), report
    kind = (
        sequential
        if any(each.startswith("seq") for each in kinds)
        else supervised
        if "supervisor" in kinds
        else chatflow
    )
    if kind is not chatflow:
        _spread(source, report, SEQUENCE)
    stage = kind.convert(source, report, known)
    return finished(stage.drawing, report), report


def _spread(source: Source, report: Report, times: float) -> None:
    """The same picture, with room for what a step needs beside it."""
    report.spread = times
    for node in source.nodes.values():
        node.at = (node.at[0] * times, node.at[1] * times)
