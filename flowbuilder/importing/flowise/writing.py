"""Texts that name what other steps gave, as what a node gives."""

from __future__ import annotations

import json
from typing import Any

from flowbuilder.importing.drawing import Exit, Port
from flowbuilder.importing.original import Original
from flowbuilder.importing.stage import Stage
from flowbuilder.importing.texts import MENTION


def written(stage: Stage, original: Original, text: str, before: Exit | None) -> Port:
    """A text with mentions, as what a node gives; there only where it is this step's turn."""
    found = MENTION.fullmatch(text.strip())
    port = stage.value(original, found[1].strip()) if found else None
    if port is not None:
        return stage.held(original, port, before)
    template, ports = stage.fill(original, text)
    if before is not None and ports and before.control not in ports.values():
        name = next(iter(ports))
        ports[name] = stage.held(original, ports[name], before)
    id_ = stage.add(original, "text.prompt", {"template": template or " "}, label="text", beside=-320)
    for name, port in ports.items():
        stage.drawing.wire(port, id_, name)
    return Port(id_) if ports else stage.held(original, Port(id_), before)


def rows_by_name(text: Any) -> dict[str, str]:
    """``{"name": "text"}``, as JSON in a text."""
    try:
        said = json.loads(text) if isinstance(text, str) and text else text
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}
