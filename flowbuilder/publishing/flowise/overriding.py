"""Flowise's ``overrideConfig`` in our words. What the flow's owner does not leave to callers has no effect, as there."""

from __future__ import annotations

import re
from typing import Any

from flowbuilder.flows.models import Flow
from flowbuilder.publishing.overrides import Choice, allowed_of, choices_of

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
VARIABLE = "flow.read_variable"


def overrides_of(flow: Flow, config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Settings by node. A parameter is one for all nodes that have it, or an object with a value for each node's id;
    ``vars`` stand for what Read variable gives while nothing was set, where its default is left to callers."""
    allowed = allowed_of(flow)
    if not allowed or not config:
        return {}
    given = {HUMP.sub("_", name).lower(): value for name, value in config.items()}
    variables = config.get("vars") if isinstance(config.get("vars"), dict) else {}
    choices = [choice for choice in choices_of(flow) if (choice.node, choice.setting) in allowed]
    names = {choice.node: choice.value for choice in choices_of(flow) if choice.setting == "name"}
    found: dict[str, dict[str, Any]] = {}
    for choice in choices:
        if choice.type == VARIABLE and choice.setting == "default" and names.get(choice.node) in variables:
            found.setdefault(choice.node, {})["default"] = str(variables[names[choice.node]])
        elif choice.setting in given and (value := _meant(given[choice.setting], choice)) is not None:
            found.setdefault(choice.node, {})[choice.setting] = value
    return found


def _meant(value: Any, choice: Choice) -> Any:
    """None where it speaks of other nodes alone."""
    if not isinstance(value, dict):
        return value
    if choice.node in value:
        return value[choice.node]
    return value if isinstance(choice.value, dict) else None
