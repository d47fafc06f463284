"""The tools and document stores that stand inside an agent's settings, as nodes beside it."""

from __future__ import annotations

from typing import Any

from flowbuilder.importing.drawing import Port
from flowbuilder.importing.flowise.tools import as_tool, tool_name
from flowbuilder.importing.original import Original, mapping
from flowbuilder.importing.report import How
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.standing import placeholder_of

HUMAN = "It asked a person before a tool was called; here tools are called at once. Put a 'Human approval' before the agent."
BUILT_IN = "Tools that the model's maker ran are not there at an OpenAI-compatible address."


def tools_of(stage: Stage, original: Original) -> tuple[list[Port], list[str]]:
    """Outputs at which tools are offered, and what differs."""
    ports: list[Port] = []
    told: list[str] = []
    for row in original.rows("agentTools"):
        kind = row.get("agentSelectedTool")
        if not isinstance(kind, str) or not kind:
            continue
        given = mapping(row.get("agentSelectedToolConfig"))
        ports.append(tool_node(stage, original, kind, given, told))
        if row.get("agentSelectedToolRequiresHumanInput"):
            told.append(HUMAN)
    for row in original.rows("agentKnowledgeDocumentStores"):
        store = store_of(row)
        name = store.partition(":")[2]
        settings = knowledge_settings(stage, original, [store])
        settings |= {
            "tool_name": tool_name(f"search_{name}" if name else "search"),
            "tool_description": str(row.get("docStoreDescription") or "")[:4000],
        }
        ports.append(
            Port(
                stage.add(original, "knowledge.retrieve", settings, label=name or "knowledge", beside=-320),
                "tool",
            )
        )
    for row in original.rows("agentKnowledgeVSEmbeddings"):
        settings = {
            "tool_name": tool_name(row.get("knowledgeName")),
            "tool_description": str(row.get("knowledgeDescription") or "")[:4000],
        }
        stage.report.needs(
            original.label,
            f"Put what '{row.get('knowledgeName') or row.get('vectorStore')}' held into a knowledge base, and choose it.",
        )
        ports.append(
            Port(stage.add(original, "knowledge.retrieve", settings, label="knowledge", beside=-320), "tool")
        )
    for name in [name for name in original.kept if name.startswith("agentToolsBuiltIn")]:
        told.append(BUILT_IN)
        stage.report.lose(original.label, name, original.take(name))
    return ports, list(dict.fromkeys(told))


def tool_node(stage: Stage, original: Original, kind: str, given: dict[str, Any], told: list[str]) -> Port:
    """A node beside the agent that offers itself to it."""
    tool = as_tool(kind, given, stage.known.tools)
    settings = dict(tool.settings)
    if tool.type == "flow.placeholder":
        inner = Original(original.id, kind, kind, original.at, given)
        settings = {**placeholder_of(stage.report.source, inner, tool.why, [], []), **settings}
        settings.setdefault("tool_name", tool_name(kind))
        stage.report.needs(original.label, f"The tool '{kind}' is a placeholder: {tool.why}")
    id_ = stage.add(original, tool.type, settings, label=kind, beside=-320)
    if tool.how is not How.CONVERTED and tool.why:
        told.append(f"Tool '{kind}': {tool.why}")
    tool.tell(stage.report, original.label)
    return Port(id_, tool.port)


def store_of(row: dict[str, Any]) -> str:
    """``id:name`` of a document store."""
    found = row.get("documentStore")
    return found if isinstance(found, str) else ""


def knowledge_settings(stage: Stage, original: Original, stores: list[str]) -> dict[str, Any]:
    """The bases that came along; else somebody has to choose one."""
    found = [
        stage.known.bases[id_] for store in stores if (id_ := store.partition(":")[0]) in stage.known.bases
    ]
    for store in stores:
        id_, _, name = store.partition(":")
        if id_ not in stage.known.bases:
            stage.report.needs(
                original.label,
                f"Put the documents of '{name or id_ or 'the store'}' into a knowledge base, and choose it ('base').",
            )
    if not stores:
        stage.report.needs(original.label, "Choose the knowledge base ('base').")
    return {"base": found[0], "also": found[1:11]} if found else {}
