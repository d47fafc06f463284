"""Older flows of Flowise: nodes that are plugged into each other's parameters, and what becomes of those that only configure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from flowbuilder.importing.drawing import Port, port_name
from flowbuilder.importing.flowise import scripts
from flowbuilder.importing.flowise.tools import as_tool, tool_name
from flowbuilder.importing.flowise.writing import rows_by_name, written
from flowbuilder.importing.original import Original, text_in
from flowbuilder.importing.providers import ModelSettings, model_of
from flowbuilder.importing.report import SECRET, How
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.standing import placeholder_of

PARAM = re.compile(r"-input-([A-Za-z0-9_]+)(?:-|$)")
OUTPUT = re.compile(r"-output-([A-Za-z0-9_]+)(?:-|$)")
MODELS = {"Chat Models", "LLMs"}
MODEL_CLASSES = {
    "BaseChatModel",
    "BaseLanguageModel",
    "BaseLLM",
    "BaseChatModel_LlamaIndex",
    "BaseLLM_LlamaIndex",
}
STORES = {"Vector Stores", "Retrievers"}
WHY = {
    "Embeddings": "A knowledge base has an embedder of its own; its vectors are made anew.",
    "Text Splitters": "How documents are split is set in the knowledge base.",
    "Document Loaders": "Documents are put into a knowledge base: by file, by address or as text.",
    "Record Manager": "A knowledge base knows by itself what it holds already.",
    "Cache": "Answers are not kept between runs.",
    "Memory": "What was said is remembered by itself.",
}


def param_of(handle: str) -> str:
    found = PARAM.search(handle)
    return found[1] if found else ""


def output_of(handle: str) -> str:
    found = OUTPUT.search(handle)
    return found[1] if found else ""


class Plugs:
    """What is plugged in where, and who took it in."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.nodes = stage.source.nodes
        self.plugged: dict[tuple[str, str], list[str]] = defaultdict(list)
        for edge in stage.source.edges:
            self.plugged[edge.target, param_of(edge.target_port)].append(edge.source)
        self.taken: dict[str, list[str]] = defaultdict(list)
        """Node -> labels of those that its settings went into."""
        self.drawn: dict[str, Port] = {}

    def of(self, node: Original, *params: str) -> list[Original]:
        node.ignore(*params)
        ids = [id_ for param in params for id_ in self.plugged.get((node.id, param), [])]
        return [self.nodes[id_] for id_ in dict.fromkeys(ids)]

    def category(self, node: Original) -> str:
        return text_in(node.data.get("category"))

    def is_model(self, node: Original) -> bool:
        classes = node.data.get("baseClasses")
        named = {each for each in classes if isinstance(each, str)} if isinstance(classes, list) else set()
        return self.category(node) in MODELS or bool(named & MODEL_CLASSES)

    def take_in(self, node: Original, by: Original) -> None:
        """Its settings, and those of what is plugged into it, are part of another node now."""
        if by.label not in self.taken[node.id]:
            self.taken[node.id].append(by.label)
            for edge in self.stage.source.into(node.id):
                if edge.source not in self.drawn:
                    self.take_in(self.nodes[edge.source], by)

    def model(self, node: Original, fallback: Original | None = None) -> ModelSettings:
        """Of the model that is plugged in; without one that of ``fallback``."""
        found = next((each for each in self.of(node, "model", "llm") if self.is_model(each)), None)
        if found is None and fallback is not None and fallback is not node:
            return self.model(fallback)
        if found is None:
            return ModelSettings("a model")
        first = found.id not in self.taken
        self.take_in(found, node)
        found.ignore(*found.inputs)
        settings = model_of(found.kind, found.inputs)
        if not first:
            settings.unused = {}
        return settings

    def memory(self, node: Original) -> Port | None:
        """The node *Memory* in the place of what is plugged in."""
        for found in self.of(node, "memory"):
            if found.id not in self.drawn:
                found.ignore("memoryKey", "sessionId", "sessionTTL", "windowSize")
                turns = found.inputs.get("k")
                turns = int(turns) if str(turns).isdigit() else 20
                found.ignore("k")
                id_ = self.stage.add(found, "language.memory", {"turns": max(1, min(100, turns))})
                self.drawn[found.id] = Port(id_)
                if self.stage.kept_memory is None:
                    self.stage.kept_memory = Port(id_)
                why = "It remembers the conversations of this flow here; what was kept elsewhere stays there."
                simple = found.kind in {"bufferMemory", "bufferWindowMemory"}
                self.stage.became(
                    found, How.CONVERTED if simple else How.APPROXIMATED, "" if simple else why, id_
                )
            return self.drawn[found.id]
        return None

    def tools(self, node: Original, *params: str) -> list[Port]:
        return [self.tool(found, node) for found in self.of(node, *(params or ("tools",)))]

    def tool(self, node: Original, by: Original) -> Port:
        """A node that offers itself to a model, in the place of a tool."""
        if node.id not in self.drawn:
            self.drawn[node.id] = self._retriever_tool(node) if self._retrieves(node) else self._tool(node)
        return self.drawn[node.id]

    def _tool(self, node: Original) -> Port:
        tool = as_tool(node.kind, node.inputs, self.stage.known.tools)
        settings = dict(tool.settings)
        node.ignore(*tool.used)
        for edge in self.stage.source.into(node.id):
            self.take_in(self.nodes[edge.source], node)
        if tool.type == "flow.placeholder":
            settings = {**placeholder_of(self.stage.report.source, node, tool.why, [], []), **settings}
            settings.setdefault("tool_name", tool_name(node.kind))
        id_ = self.stage.add(node, tool.type, settings)
        self.stage.became(node, tool.how, tool.why, id_)
        tool.tell(self.stage.report, node.label)
        return Port(id_, tool.port)

    def _retrieves(self, node: Original) -> bool:
        return bool(
            self.plugged.get((node.id, "retriever")) or self.plugged.get((node.id, "baseQueryEngine"))
        )

    def _retriever_tool(self, node: Original) -> Port:
        node.ignore("returnSourceDocuments")
        settings: dict[str, object] = {"tool_name": tool_name(node.take("name") or node.take("toolName"))}
        settings["tool_description"] = str(node.take("description") or node.take("toolDesc"))[:4000]
        limit = ""
        for found in self.of(node, "retriever", "baseQueryEngine"):
            stores = [found, *self.of(found, "vectorStoreRetriever", "vectorStore", "baseRetriever")]
            limit = limit or next((str(each.take("topK")) for each in stores if each.take("topK")), "")
            self.take_in(found, node)
        settings |= _limit(limit)
        self.stage.report.needs(
            node.label, "Put what it searched into a knowledge base, and choose it ('base')."
        )
        id_ = self.stage.add(node, "knowledge.retrieve", settings)
        self.stage.became(node, How.CONVERTED, "", id_)
        return Port(id_, "tool")

    def retriever(self, node: Original, question: Port, *params: str) -> Port | None:
        """Passages for a question, in the place of the vector store that is plugged in."""
        for found in self.of(node, *(params or ("vectorStoreRetriever", "retriever", "vectorStore"))):
            if found.id not in self.drawn:
                for edge in self.stage.source.into(found.id):
                    self.take_in(self.nodes[edge.source], found)
                    found.ignore(param_of(edge.target_port))
                settings = _limit(str(found.take("topK")))
                id_ = self.stage.add(found, "knowledge.retrieve", settings)
                self.stage.drawing.wire(question, id_, "question")
                self.stage.report.needs(
                    found.label, "Put what it held into a knowledge base, and choose it ('base')."
                )
                self.stage.became(found, How.CONVERTED, "", id_)
                self.drawn[found.id] = Port(id_)
            return self.drawn[found.id]
        return None

    def leave_notes(self) -> None:
        """Where something stood whose settings went elsewhere, a note says so."""
        done = {item.id for item in self.stage.report.items}
        sources = {edge.source for edge in self.stage.source.edges}
        # What nobody takes in comes first: it may take in the others.
        for node in sorted(self.nodes.values(), key=lambda each: each.id in sources):
            if node.id in done or node.id in self.drawn:
                continue
            inside = ", ".join(f"“{label}”" for label in self.taken.get(node.id, []))
            why = WHY.get(self.category(node), "")
            if inside:
                node.ignore(*node.inputs) if self.is_model(node) else None
                told = " ".join(
                    part
                    for part in (
                        f"Its settings are in {inside}." if not why else f"Belonged to {inside}.",
                        why,
                    )
                    if part
                )
                text = "\n\n".join(part for part in (f"**{node.label}**", _told(node), told) if part)
                id_ = self.stage.drawing.note(text, node.at, wanted=node.id, colour="blue")
                self.stage.became(node, How.MERGED, told, id_)
            else:
                self.alone(node)

    def alone(self, node: Original) -> Port:
        """A placeholder for what has no counterpart, with what is plugged into it."""
        if node.kind == "customFunction":
            self.drawn[node.id] = scripts.alone(self.stage, node, self._script_inputs(node))
            return self.drawn[node.id]
        takes: list[str] = []
        wires: list[tuple[Port, str]] = []
        if self.category(node) in {"Chains", "Agents", "Engine"} and self.stage.question is not None:
            takes.append("question")
            wires.append((self.stage.question, "question"))
        for edge in self.stage.source.into(node.id):
            node.ignore(param_of(edge.target_port))
            if edge.source in self.drawn:
                takes.append(port_name(param_of(edge.target_port) or "value"))
                wires.append((self.drawn[edge.source], takes[-1]))
            else:
                self.take_in(self.nodes[edge.source], node)
        why = WHY.get(self.category(node)) or f"Flowise's '{node.kind}' has no counterpart here."
        settings = placeholder_of(self.stage.report.source, node, why, takes, ["out"])
        id_ = self.stage.add(node, "flow.placeholder", settings)
        for port, name in wires:
            self.stage.drawing.wire(port, id_, name)
        self.drawn[node.id] = Port(id_)
        self.stage.became(node, How.PLACEHOLDER, why, id_)
        return self.drawn[node.id]

    def _script_inputs(self, node: Original) -> dict[str, Callable[[], Port]]:
        """What a script is given by names: texts, which may name other nodes."""
        node.ignore("functionName")
        said = rows_by_name(node.take("functionInputVariables"))
        return {f"${name}": partial(written, self.stage, node, value, None) for name, value in said.items()}


def _limit(said: str) -> dict[str, object]:
    return {"limit": max(1, min(50, int(said)))} if said.isdigit() else {}


def _told(node: Original) -> str:
    """The settings that a person would look for, in one line."""
    shown = [
        f"{name}: {value}"
        for name, value in node.kept.items()
        if not SECRET.search(name)
        and isinstance(value, str | int | float)
        and not str(value).startswith("{{")
        and len(str(value)) <= 80
    ]
    return ", ".join(shown[:6])
