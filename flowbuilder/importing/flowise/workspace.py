"""A workspace of Flowise as one file: its flows and everything beside them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flowbuilder.importing.original import Unreadable, mapping, text_in
from flowbuilder.importing.report import SECRET

FLOWS = ("ChatFlow", "AgentFlow", "AgentFlowV2")
KNOWN = {
    *FLOWS, "AssistantCustom", "AssistantFlow", "AssistantOpenAI", "AssistantAzure", "ChatMessage", "ChatMessageFeedback",
    "CustomTemplate", "DocumentStore", "DocumentStoreFileChunk", "Execution", "Tool", "Variable", "FileDefaultName",
}  # fmt: skip
MOST_ROWS = 200_000
LEFT_OUT = {
    "Execution": "runs of the other installation: what was said in them stands in the conversations",
    "AssistantOpenAI": "assistants that run at OpenAI",
    "AssistantAzure": "assistants that run at Azure",
    "AssistantFlow": "assistants whose form is not known",
}


@dataclass(frozen=True)
class FlowRow:
    id: str
    name: str
    data: Any
    description: str = ""
    is_template: bool = False


@dataclass(frozen=True)
class Chunk:
    document: str
    text: str
    order: int


@dataclass(frozen=True)
class Store:
    id: str
    name: str
    documents: dict[str, list[str]]
    """Name -> its chunks, in order."""


@dataclass(frozen=True)
class Said:
    """One message of a conversation."""

    id: str
    role: str
    text: str
    at: datetime | None = None


@dataclass
class Parts:
    flows: list[FlowRow] = field(default_factory=list)
    tools: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)
    """Variables whose value the file has not, or that look like secrets."""
    stores: list[Store] = field(default_factory=list)
    conversations: dict[str, dict[str, list[Said]]] = field(default_factory=dict)
    """Flow -> conversation -> messages."""
    feedback: dict[str, tuple[bool, str]] = field(default_factory=dict)
    """Message -> whether it was good, and what was said of it."""
    left_out: dict[str, int] = field(default_factory=dict)
    """What is not brought along, and how many of it."""


def is_workspace(data: Any) -> bool:
    return isinstance(data, dict) and "nodes" not in data and bool(KNOWN & data.keys())


def parts_of(data: dict[str, Any]) -> Parts:
    """Errors: ``Unreadable``."""
    parts = Parts()
    for name in FLOWS:
        parts.flows += [_flow(row) for row in _rows(data, name)]
    parts.flows += [_assistant(row) for row in _rows(data, "AssistantCustom")]
    for row in _rows(data, "CustomTemplate"):
        if row.get("type") == "Tool":
            found = mapping(_json(row.get("flowData"), "a template"))
            parts.tools[text_in(row.get("id"))] = {**found, "name": found.get("name") or row.get("name")}
        else:
            parts.flows.append(_flow(row, is_template=True))
    parts.tools |= {text_in(row.get("id")): row for row in _rows(data, "Tool")}
    for row in _rows(data, "Variable"):
        _variable(parts, row)
    parts.stores = _stores(data)
    _conversations(parts, data)
    for name, why in LEFT_OUT.items():
        if found := _rows(data, name):
            parts.left_out[why] = len(found)
    for name in sorted(data.keys() - KNOWN):
        if isinstance(data[name], list) and data[name]:
            parts.left_out[f"'{name}', which is not known here"] = len(data[name])
    return parts


def _rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = data.get(name) or []
    if not isinstance(found, list):
        raise Unreadable(f"its '{name}' is not a list")
    if len(found) > MOST_ROWS:
        raise Unreadable(f"its '{name}' has {len(found):,} rows; at most {MOST_ROWS:,} are read")
    return [mapping(row) for row in found if isinstance(row, dict)]


def _json(text: Any, of: str) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{of} holds no JSON") from error


def _flow(row: dict[str, Any], *, is_template: bool = False) -> FlowRow:
    name = text_in(row.get("name")) or "Imported flow"
    data = _json(row.get("flowData"), f"flow '{name}'")
    return FlowRow(text_in(row.get("id")), name, data, text_in(row.get("description")), is_template)


def _assistant(row: dict[str, Any]) -> FlowRow:
    """An assistant as the agent flow that it amounts to."""
    details = mapping(_json(row.get("details"), "an assistant"))
    name = text_in(details.get("name")) or "Assistant"
    model = mapping(details.get("chatModel"))
    tools = details.get("tools") if isinstance(details.get("tools"), list) else []
    stores = details.get("documentStores") if isinstance(details.get("documentStores"), list) else []
    inputs = {
        "agentModel": text_in(model.get("name")),
        "agentModelConfig": mapping(model.get("inputs")),
        "agentMessages": [{"role": "system", "content": text_in(details.get("instruction"), most=50_000)}],
        "agentEnableMemory": True,
        "agentTools": [
            {"agentSelectedTool": tool.get("name"), "agentSelectedToolConfig": mapping(tool.get("inputs"))}
            for tool in tools
            if isinstance(tool, dict)
        ],
        "agentKnowledgeDocumentStores": [
            {
                "documentStore": f"{text_in(store.get('id'))}:{text_in(store.get('name'))}",
                "docStoreDescription": text_in(store.get("description"), most=4000),
            }
            for store in stores
            if isinstance(store, dict)
        ],
    }
    nodes = [
        {"id": "start", "type": "agentFlow", "position": {"x": 0, "y": 0}, "data": {"name": "startAgentflow", "label": "Start"}},
        {"id": "agent", "type": "agentFlow", "position": {"x": 700, "y": 0}, "data": {"name": "agentAgentflow", "label": name, "inputs": inputs}},
    ]  # fmt: skip
    edges = [
        {
            "source": "start",
            "target": "agent",
            "sourceHandle": "start-output-startAgentflow",
            "targetHandle": "agent",
        }
    ]
    return FlowRow(text_in(row.get("id")), name, {"nodes": nodes, "edges": edges})


def _variable(parts: Parts, row: dict[str, Any]) -> None:
    name, value = text_in(row.get("name")), row.get("value")
    if not name:
        return
    if row.get("type") == "runtime" or not isinstance(value, str) or not value or SECRET.search(name):
        parts.asked_for.append(name)
    else:
        parts.variables[name] = value


def _stores(data: dict[str, Any]) -> list[Store]:
    chunks: dict[str, list[Chunk]] = defaultdict(list)
    for number, row in enumerate(_rows(data, "DocumentStoreFileChunk")):
        text = row.get("pageContent")
        if isinstance(text, str) and text.strip():
            order = row.get("chunkNo")
            order = order if isinstance(order, int) and not isinstance(order, bool) else number
            chunks[text_in(row.get("storeId"))].append(Chunk(text_in(row.get("docId")), text, order))
    found = []
    for row in _rows(data, "DocumentStore"):
        id_ = text_in(row.get("id"))
        loaders = _json(row.get("loaders") or [], "a document store")
        names = {
            text_in(loader.get("id")): text_in(loader.get("loaderName")) or text_in(loader.get("id"))
            for loader in (loaders if isinstance(loaders, list) else [])
            if isinstance(loader, dict)
        }
        documents: dict[str, list[str]] = defaultdict(list)
        for chunk in sorted(chunks[id_], key=lambda chunk: chunk.order):
            documents[f"{names.get(chunk.document, 'document')} {chunk.document[:8]}".strip()].append(
                chunk.text
            )
        found.append(Store(id_, text_in(row.get("name")) or "Document store", dict(documents)))
    return found


def _moment(said: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text_in(said))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _conversations(parts: Parts, data: dict[str, Any]) -> None:
    flows: dict[str, dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
    rows = sorted(_rows(data, "ChatMessage"), key=lambda row: text_in(row.get("createdDate")))
    for row in rows:
        role = "user" if row.get("role") == "userMessage" else "assistant"
        text = row.get("content")
        if isinstance(text, str) and text.strip():
            chat = text_in(row.get("sessionId")) or text_in(row.get("chatId"))
            flows[text_in(row.get("chatflowid"))][chat].append(
                Said(text_in(row.get("id")), role, text, _moment(row.get("createdDate")))
            )
    parts.conversations = {flow: dict(chats) for flow, chats in flows.items()}
    for row in _rows(data, "ChatMessageFeedback"):
        if row.get("rating") in ("THUMBS_UP", "THUMBS_DOWN"):  # of whatever type: a set would ask for a hash
            comment = text_in(row.get("content"), most=5000)
            parts.feedback[text_in(row.get("messageId"))] = (row["rating"] == "THUMBS_UP", comment)
