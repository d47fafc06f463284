"""What somebody decides before a node at which a run has stopped: go on, one step, or no further."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.compiled import Compiled
from flowbuilder.engine.graph import Graph
from flowbuilder.engine.values import read
from flowbuilder.flows.nodes import catalogue
from flowbuilder.runs.models import Wait
from nodes.base import NodeError
from nodes.tools.tool import Tool

BREAKPOINT = "breakpoint"


class Decision(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action: Literal["continue", "step", "stop"]
    inputs: dict[str, Any] = {}


def decided(wait: Wait, said: dict[str, Any], asker: Asker) -> dict[str, Any] | None:
    """The answer as it is kept; None to stop. Inputs that were edited must fit their ports."""
    try:
        decision = Decision.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = (
            f"{where}: {first['msg']}. Send {{'action': 'continue', 'step' or 'stop', 'inputs'?: {{...}}}}."
        )
        raise ApiError("invalid", message, 422) from error
    if decision.action == "stop":
        return None
    must_fit(wait, decision.inputs)
    return decision.model_dump()


def must_fit(wait: Wait, inputs: dict[str, Any]) -> None:
    part = Compiled(Graph.model_validate(wait.run.graph), catalogue()).at(wait.node_id)
    ports = {port.name: port for port in part.inputs}
    for name, value in inputs.items():
        if name not in ports:
            there = ", ".join(ports) or "none"
            raise ApiError(
                "invalid", f"'{wait.node_id}' has no input '{name}'. Inputs that it has: {there}.", 422
            )
        if ports[name].type is Tool:
            # What a tool is and how it is set up is for those who edit the flow, not for those who run it.
            raise ApiError(
                "invalid", f"Input '{name}' takes tools: change them in the flow, not in a run.", 422
            )
        try:
            read(ports[name], value)
        except NodeError as error:
            raise ApiError("invalid", f"Input {error}", 422) from error
