"""A flow of Flowise, whichever of its three kinds it is, as a graph of ours and a report."""

from __future__ import annotations

from typing import Any

from flowbuilder.engine.graph import Graph
from flowbuilder.importing.finishing import finished
from flowbuilder.importing.flowise import agentflow, chatflow, sequential, supervised
from flowbuilder.importing.flowise.reading import read
from flowbuilder.importing.report import Report
from flowbuilder.importing.stage import Known


def convert(data: Any, known: Known | None = None) -> tuple[Graph, Report]:
    """Errors: ``Unreadable``."""
    source = read(data)
    report = Report("Flowise")
    for start, end, why in source.strange:
        report.dropped.append({"source": start, "target": end, "why": why})
    kinds = {node.kind for node in source.nodes.values()}
    if any(kind.endswith("Agentflow") for kind in kinds - {"stickyNoteAgentflow"}):
        stage = agentflow.convert(source, report, known or Known())
        return finished(stage.drawing, report), report
    kind = (
        sequential
        if any(each.startswith("seq") for each in kinds)
        else supervised
        if "supervisor" in kinds
        else chatflow
    )
    stage = kind.convert(source, report, known or Known())
    return finished(stage.drawing, report), report
