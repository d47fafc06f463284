"""The prompt of a flow that is improved: a setting of one of its nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import Graph, NodeSpec
from flowbuilder.prompting.optimiser.candidate import Slots
from flowbuilder.prompting.placeholders import names

CONTEXT_WORDS = ("context", "passage", "document", "text", "source", "knowledge")


@dataclass(frozen=True)
class Target:
    graph: Graph
    node: str
    setting: str

    @property
    def spec(self) -> NodeSpec:
        return self.graph.node(self.node)

    @property
    def text(self) -> str:
        return str(self.spec.settings.get(self.setting, ""))

    def with_text(self, text: str) -> Graph:
        """The same graph with another prompt."""
        spec = self.spec
        changed = spec.model_copy(update={"settings": {**spec.settings, self.setting: text}})
        return self.graph.replaced(self.node, changed)

    @property
    def downstream(self) -> set[str]:
        """The node, or the group in which it stands, and whatever hangs on it: what a changed prompt makes run anew."""
        first = self.node.partition("/")[0]
        reached, edge = {first}, [first]
        while edge:
            edge = [
                wire.target for wire in self.graph.wires if wire.source in edge and wire.target not in reached
            ]
            reached.update(edge)
        return reached

    @property
    def slots(self) -> Slots:
        """By what is wired in: what was retrieved is context, and so is what is called so."""
        kinds = {path: node.type for path, node in self.graph.everything()}
        sources = {wire.target_port: kinds.get(wire.source, "") for wire in self.graph.into(self.node)}
        found = names(self.text)
        context = tuple(
            name
            for name in found
            if sources.get(name, "").startswith("knowledge.")
            or any(word in name.lower() for word in CONTEXT_WORDS)
        )
        if len(context) == len(found) == 1:  # a text to work on is what is asked about
            context = ()
        return Slots(question=tuple(name for name in found if name not in context), context=context)

    @property
    def model(self) -> str:
        """Of the first node downstream that names one; empty where none does."""
        order = [self.node]
        for at in order:
            model = self.graph.node(at).settings.get("model")
            if isinstance(model, str) and model:
                return model
            order += [target for target in self.graph.behind(at) if target not in order]
        return ""


def target_of(graph: Graph, catalogue: Catalogue, node: str, setting: str) -> Target:
    """``ApiError`` 404 or 422 names what there is to improve."""
    there = prompts_of(graph, catalogue)
    if not any(path == node for path, _ in graph.everything()):
        raise ApiError(
            "not_found", f"There is no node '{node}' in the draft. Prompts: {_listed(there)}.", 404
        )
    if (node, setting) not in there:
        message = f"'{node}.{setting}' is no prompt that can be improved. Prompts: {_listed(there)}."
        raise ApiError("invalid", message, 422)
    target = Target(graph, node, setting)
    if not isinstance(target.spec.settings.get(setting, ""), str):
        raise ApiError("invalid", f"'{node}.{setting}' is no text.", 422)
    return target


def prompts_of(graph: Graph, catalogue: Catalogue) -> list[tuple[str, str]]:
    """(node, setting) of every setting that is a prompt: its schema carries ``x-prompt``."""
    found = []
    for path, spec in graph.everything():
        kind = catalogue.kinds.get(catalogue.aliases.get(spec.type, spec.type))
        if kind is None:
            continue
        for name, field in kind.model_fields.items():
            extra: Any = field.json_schema_extra
            if isinstance(extra, dict) and extra.get("x-prompt"):
                found.append((path, name))
    return found


def _listed(there: list[tuple[str, str]]) -> str:
    return ", ".join(f"{node}.{setting}" for node, setting in there[:20]) or "none"
