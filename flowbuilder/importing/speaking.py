"""A step that asks a model: what it is told, what it remembers, which tools it has, in which form it answers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flowbuilder.importing.drawing import Exit, Port, numbered
from flowbuilder.importing.original import Original
from flowbuilder.importing.providers import ModelSettings
from flowbuilder.importing.stage import Stage

ROLES = {"system": "system", "developer": "system", "assistant": "assistant", "ai": "assistant"}
MOST_ROWS = 50
AGENT = {"max_new_tokens", "temperature"}
MODEL = {"max_new_tokens", "temperature", "top_p", "stop"}


@dataclass
class Asked:
    """What a step tells a model."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    """Role and text, with mentions."""
    memory: bool = False
    """Whether it is told what was said before in the conversation, and what ``told`` says."""
    told: bool = False
    """Whether it is told the question and what the step before it said."""
    user: str = ""
    """A further message, at the end."""
    before_as: str = "user"


def speak(
    stage: Stage,
    original: Original,
    before: Exit | None,
    asked: Asked,
    model: ModelSettings,
    *,
    tools: Sequence[Port] = (),
    schema: dict[str, Any] | None = None,
    most_steps: int | None = None,
) -> str:
    """The node that asks it, at the step's place; gives its id."""
    prompt = messages(stage, original, before, asked)
    if schema is not None:
        settings = {**model.settings(*AGENT), "json_schema": json.dumps(schema, ensure_ascii=False)}
        id_ = stage.add(original, "language.remote_structured", settings)
    elif tools:
        settings = model.settings(*AGENT)
        settings["max_new_tokens"] = max(64, settings.get("max_new_tokens", 1024))
        settings["instructions"] = ""
        if most_steps:
            settings["most_steps"] = max(1, min(50, most_steps))
        id_ = stage.add(original, "language.remote_agent", settings)
        for tool in tools:
            stage.drawing.wire(tool, id_, "tools")
    else:
        id_ = stage.add(original, "language.remote_model", model.settings(*MODEL))
    stage.drawing.wire(prompt, id_, "prompt")
    model.tell(stage.report, original.label)
    return id_


def messages(stage: Stage, original: Original, before: Exit | None, asked: Asked) -> Port:
    """A node *Chat messages* with everything that the model is told."""
    rows: list[dict[str, str]] = []
    ports: dict[str, Port] = {}
    for role, text in asked.rows[: MOST_ROWS - 3]:
        _row(stage, original, rows, ports, ROLES.get(role, "user"), text)
    first_user = next((at for at, row in enumerate(rows) if row["role"] != "system"), len(rows))
    started = before is None or before.content == stage.question
    said = [*asked.rows, ("user", asked.user)]
    if asked.memory or asked.told or (not any(role == "user" and text.strip() for role, text in said)):
        if stage.question is not None and stage.question not in ports.values():
            name = next(name for name in numbered("question") if name not in ports)
            rows.insert(first_user, {"role": "user", "template": f"{{{{ {name} }}}}"})
            ports[name] = stage.question
        if not started and before is not None and before.content not in ports.values():
            rows.append({"role": asked.before_as, "template": "{{ before }}"})
            ports["before"] = stage.gate(original, before)
    if asked.user.strip():
        _row(stage, original, rows, ports, "user", asked.user)
    if not rows:
        rows.append({"role": "user", "template": " "})
    if before is not None:
        _held_back(stage, original, before, ports)
    id_ = stage.add(original, "language.chat_messages", {"rows": rows}, label="messages", beside=-320)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    if asked.memory:
        stage.drawing.wire(stage.memory(), id_, "history")
    return Port(id_)


def _row(
    stage: Stage,
    original: Original,
    rows: list[dict[str, str]],
    ports: dict[str, Port],
    role: str,
    text: str,
) -> None:
    template, found = stage.fill(original, text)
    for name, port in found.items():
        new = next((known for known, other in ports.items() if other == port), None)
        if new is None:
            new = next(free for free in numbered(name) if free not in ports)
            ports[new] = port
        if new != name:
            template = re.sub(rf"\{{\{{ {name} \}}\}}", f"{{{{ {new} }}}}", template)
    if template.strip():
        rows.append({"role": role, "template": template})


def _held_back(stage: Stage, original: Original, before: Exit, ports: dict[str, Port]) -> None:
    """It is asked only where it is this step's turn."""
    gated = {before.control, before.content} if before.content == before.control else {before.control}
    if gated & set(ports.values()) or "before" in ports or before.control == stage.question:
        return
    name = next(iter(ports), "")
    if not name:
        return
    ports[name] = stage.after(original, ports[name], before.control)
