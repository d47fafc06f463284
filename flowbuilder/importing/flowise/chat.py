"""What the chains of Flowise's chat flows are made of: models, prompts, memory, moderation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flowbuilder.importing.drawing import Port, port_name
from flowbuilder.importing.flowise import schemas
from flowbuilder.importing.flowise.plugs import Plugs, param_of
from flowbuilder.importing.original import Original
from flowbuilder.importing.report import How
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.texts import MENTION, from_single

Chain = Callable[["Chat", Original], Port]
PARAMETERS = ("max_new_tokens", "temperature", "top_p", "stop")
STEPS = 10


class Chat:
    """Draws what is asked for, and what it needs before it, once each."""

    def __init__(self, stage: Stage, plugs: Plugs, chains: Mapping[str, Chain]) -> None:
        self.stage = stage
        self.chains = chains
        self.plugs = plugs
        self.outputs: dict[str, Port] = {}
        self.instead: list[Port] = []
        """What is answered where a question is stopped."""
        self.open: set[str] = set()
        self.asked: dict[str, Port] = {}
        stage.named = {
            "question": lambda original, path: self.question(original),
            "chat_history": lambda original, path: stage.memory(),
            "$vars": lambda original, path: stage.variable(original, path, "workspace") if path else None,
        }
        stage.by_node = self._by_node

    def _by_node(self, original: Original, id_: str, path: str) -> Port | None:
        node = self.stage.source.nodes[id_]
        if id_ in self.open:
            return None
        if node.kind in self.chains:
            return self.output(node)
        if id_ in self.plugs.drawn:
            return self.plugs.drawn[id_]
        if self.plugs.category(node) in {"Utilities", "Document Loaders"}:
            return self.plugs.alone(node)
        return None

    def output(self, node: Original) -> Port:
        if node.id not in self.outputs:
            self.open.add(node.id)
            self.outputs[node.id] = self.chains[node.kind](self, node)
            self.plugs.drawn[node.id] = self.outputs[node.id]
            for edge in self.stage.source.into(node.id):
                if edge.source not in self.plugs.drawn:
                    node.ignore(param_of(edge.target_port))
                    self.plugs.take_in(self.stage.source.nodes[edge.source], node)
            self.open.discard(node.id)
        return self.outputs[node.id]

    def question(self, original: Original) -> Port:
        """As the moderation that is plugged into the chain lets it pass."""
        return self.asked.get(original.id) or self.stage.question or Port("start")

    # What the chains are made of

    def guarded(self, node: Original) -> None:
        for found in self.plugs.of(node, "inputModeration"):
            if found.id not in self.plugs.drawn:
                words = tuple(
                    line.strip()[:200]
                    for line in str(found.take("denyList")).splitlines()
                    if len(line.strip()) > 1
                )
                settings = {"deny": words[:40], "personal": "pass", "topics_by": "words"}
                id_ = self.stage.add(found, "language.guardrail", settings)
                self.stage.drawing.wire(self.question(node), id_, "text")
                said = str(found.take("moderationErrorMessage") or "This cannot be answered.")
                sorry = self.stage.add(
                    found,
                    "text.prompt",
                    {"template": "{{ why }}" if not said else said},
                    label="refusal",
                    beside=320,
                )
                held = self.stage.after(found, Port(sorry), Port(id_, "blocked"))
                self.instead.append(held)
                self.plugs.drawn[found.id] = Port(id_, "passed")
                for model in self.plugs.of(found, "model"):
                    self.plugs.take_in(model, found)
                why = "Words are looked for, and attempts to undo instructions; Flowise asked a model whether it is alike."
                self.stage.became(found, How.APPROXIMATED, why, id_)
            self.asked[node.id] = self.plugs.drawn[found.id]

    def asks(
        self,
        node: Original,
        prompt: Port,
        *,
        system: str = "",
        tools: list[Port] | None = None,
        schema: dict[str, Any] | None = None,
    ) -> Port:
        """The node that asks the model, in the place of the chain."""
        model = self.plugs.model(node)
        if schema is not None:
            settings = {
                **model.settings("max_new_tokens", "temperature"),
                "json_schema": json.dumps(schema, ensure_ascii=False),
            }
            id_ = self.stage.add(node, "language.remote_structured", settings)
        elif tools:
            settings = {
                **model.settings("max_new_tokens", "temperature"),
                "instructions": system,
                "most_steps": STEPS,
            }
            settings["max_new_tokens"] = max(64, settings.get("max_new_tokens", 1024))
            id_ = self.stage.add(node, "language.remote_agent", settings)
            for tool in tools:
                self.stage.drawing.wire(tool, id_, "tools")
        else:
            id_ = self.stage.add(
                node, "language.remote_model", {**model.settings(*PARAMETERS), "system": system}
            )
        self.stage.drawing.wire(prompt, id_, "prompt")
        model.tell(self.stage.report, node.label)
        return Port(id_)

    def conversation(
        self, node: Original, rows: list[tuple[str, str]], values: dict[str, Port], memory: Port | None
    ) -> Port:
        """Messages, with what was said before: ``rows`` with single braces."""
        made, ports = [], {}
        for role, text in rows:
            template, names = from_single(text)
            made.append({"role": role, "template": template})
            ports |= {name: values.get(name, self.question(node)) for name in names if name != "history"}
        made = [
            {**row, "template": row["template"].replace("{{ history }}", "")}
            for row in made
            if row["template"].strip()
        ]
        id_ = self.stage.add(
            node,
            "language.chat_messages",
            {"rows": made or [{"role": "user", "template": " "}]},
            label="messages",
            beside=-320,
        )
        for name, port in ports.items():
            self.stage.drawing.wire(port, id_, name)
        if memory is not None:
            self.stage.drawing.wire(memory, id_, "history")
        return Port(id_)

    def prompt(self, node: Original, by: Original) -> Port:
        """A prompt template, in its place."""
        if node.id in self.plugs.drawn:
            return self.plugs.drawn[node.id]
        if node.kind == "chatPromptTemplate":
            texts = [
                ("system", node.text("systemMessagePrompt")),
                ("user", node.text("humanMessagePrompt") or "{text}"),
            ]
            rows, names = [], []
            for role, text in texts:
                template, found = from_single(text)
                names += found
                if template.strip():
                    rows.append({"role": role, "template": template})
            node.ignore("messageHistory", "messageHistoryCode")
            id_ = self.stage.add(node, "language.chat_messages", {"rows": rows})
        else:
            template, names = from_single(self._examples(node) or node.text("template"))
            id_ = self.stage.add(node, "text.prompt", {"template": template or " "})
        values = self.values(node, by, names)
        for name in dict.fromkeys(names):
            self.stage.drawing.wire(values.get(name, self.question(by)), id_, name)
        self.plugs.drawn[node.id] = Port(id_)
        self.stage.became(node, How.CONVERTED, "", id_)
        return Port(id_)

    @staticmethod
    def _examples(node: Original) -> str:
        if node.kind != "fewShotPromptTemplate":
            return ""
        parts = [node.text("prefix"), node.text("examples"), node.text("suffix")]
        return "\n\n".join(part for part in parts if part)

    def values(self, node: Original, by: Original, names: list[str]) -> dict[str, Port]:
        """``promptValues``: what each name in a template is."""
        try:
            said = json.loads(str(node.take("promptValues") or "{}"))
        except (ValueError, RecursionError):
            said = {}
        found: dict[str, Port] = {}
        for name, value in said.items() if isinstance(said, dict) else ():
            if port_name(str(name)) not in names:
                continue
            mention = MENTION.fullmatch(str(value).strip())
            port = self.stage.value(by, mention[1].strip()) if mention else None
            if port is None:
                text, ports = self.stage.fill(node, str(value))
                id_ = self.stage.add(
                    node, "text.prompt", {"template": text or " "}, label=str(name)[:40], beside=-320
                )
                for input_, wired in ports.items():
                    self.stage.drawing.wire(wired, id_, input_)
                port = Port(id_)
            found[port_name(str(name))] = port
        plugged = [
            port
            for each in self.plugs.of(node, "promptValues")
            if (port := self._by_node(by, each.id, "")) is not None
        ]
        for port in plugged:
            if port not in found.values():
                found.setdefault(next((name for name in names if name not in found), "value"), port)
        return found

    def schema(self, node: Original) -> dict[str, Any] | None:
        for found in self.plugs.of(node, "outputParser"):
            self.plugs.take_in(found, node)
            found.ignore("autofixParser", "itemLength", "listSeparator")
            read = _schema_of(found)
            if read is None:
                self.stage.report.needs(
                    node.label,
                    "Write the JSON Schema of its answer ('json_schema'): the old one could not be read.",
                )
            return read or schemas.LIST
        return None


def _schema_of(parser: Original) -> dict[str, Any] | None:
    if parser.kind == "structuredOutputParser":
        return schemas.of_text(parser.take("jsonStructure"))
    if parser.kind == "advancedStructuredOutputParser":
        return schemas.of_zod(str(parser.take("exampleJson")))
    return schemas.LIST
