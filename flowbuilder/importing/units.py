"""What stands in files, whoever wrote them: flows that are drawn already, and what comes with a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from flowbuilder.engine.graph import Graph
from flowbuilder.importing.dify import app as dify_app
from flowbuilder.importing.flowise import flow as flowise_flow
from flowbuilder.importing.flowise.custom_tool import is_tool, tool_flow
from flowbuilder.importing.flowise.workspace import Parts, is_workspace, parts_of
from flowbuilder.importing.known import Known
from flowbuilder.importing.langflow import flow as langflow_flow
from flowbuilder.importing.original import Unreadable, text_in
from flowbuilder.importing.parsing import LAYOUT, parsed
from flowbuilder.importing.report import Report

OURS = "flowbuilder/flow"
LONGEST_NAME = 100


@dataclass
class Drawn:
    """A flow, ready to be made."""

    file: str
    name: str
    graph: Graph
    report: Report
    origin: str = ""
    """Its id in the file, by which conversations name it."""
    template: str = ""
    """Where it was a template: its description."""
    is_template: bool = False


@dataclass
class Found:
    """Everything that these files hold."""

    flows: list[Drawn] = field(default_factory=list)
    ours: list[tuple[str, bytes]] = field(default_factory=list)
    """Files of this builder, which have a reader of their own."""
    workspaces: list[tuple[str, Parts]] = field(default_factory=list)


def found_in(files: Iterable[tuple[str, bytes]]) -> Found:
    """All files are read before anything is made. Errors: ``Unreadable`` that names the file."""
    found = Found()
    for path, data in files:
        name = PurePosixPath(path).name or "file"
        if path.endswith(LAYOUT):
            found.ours.append((path, data))
            continue
        try:
            _take(found, path, name, data)
        except Unreadable as error:
            raise Unreadable(f"'{name}' was not imported: {error}") from error
    if not (found.flows or found.ours or found.workspaces):
        raise Unreadable("There is no flow in it: files end with .json, .yml or .zip.")
    return found


def _take(found: Found, path: str, name: str, data: bytes) -> None:
    said = parsed(name, data)
    if isinstance(said, dict) and said.get("format") == OURS:
        found.ours.append((path, data))
    elif is_workspace(said):
        parts = parts_of(said)
        found.workspaces.append((name, parts))
    elif dify_app.is_app(said):
        graph, report = dify_app.convert(said)
        found.flows.append(Drawn(name, titled(dify_app.name_of(said), name), graph, report))
    elif langflow_flow.is_flow(said):
        graph, report = langflow_flow.convert(said)
        found.flows.append(Drawn(name, titled(text_in(said.get("name")), name), graph, report))
    elif is_tool(said):
        graph, report = tool_flow(said)
        found.flows.append(Drawn(name, titled(text_in(said.get("name")), name), graph, report))
    elif isinstance(said, dict) and "nodes" in said:
        graph, report = flowise_flow.convert(said)
        found.flows.append(Drawn(name, titled(text_in(said.get("name")), name), graph, report))
    else:
        raise Unreadable(
            "it is none of these: a flow or workspace of Flowise, a flow of Langflow, an app of Dify, or a flow of ours"
        )


def drawn_of(file: str, parts: Parts, known: Known) -> list[Drawn]:
    """The flows of a workspace, once what they refer to is known."""
    drawn = []
    for row in parts.flows:
        try:
            graph, report = flowise_flow.convert(row.data, known)
        except Unreadable as error:
            raise Unreadable(f"'{file}' was not imported: flow '{row.name}': {error}") from error
        drawn.append(
            Drawn(
                file,
                titled(row.name, file),
                graph,
                report,
                origin=row.id,
                template=row.description,
                is_template=row.is_template,
            )
        )
    return drawn


def titled(said: str, file: str) -> str:
    plain = PurePosixPath(file).stem.removesuffix(" Chatflow").removesuffix(" Agents")
    return (said.strip() or plain.strip() or "Imported flow")[:LONGEST_NAME]
