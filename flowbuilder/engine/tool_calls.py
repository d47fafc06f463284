"""Calls what a model was offered: ``nodes.services.tools.Tools`` of the node that asks."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from flowbuilder.engine.attempt import perform
from flowbuilder.engine.catalogue import Catalogue
from flowbuilder.engine.graph import NodeSpec
from flowbuilder.engine.ports import inputs_of
from flowbuilder.engine.values import from_json, to_json
from nodes.base import Context, Node, NodeError, Waiting
from nodes.json_rules import errors_of
from nodes.tools.tool import Tool
from nodes.tools.tool_node import ToolNode

log = logging.getLogger(__name__)
MOST_REASONS = 8
MOST_CHARACTERS = 100_000
"""Of an answer; a model reads far less."""


@dataclass(frozen=True)
class ToolCalls:
    """Runs tools with what the calling node may ask for, and puts what they report on its trace."""

    catalogue: Catalogue
    context: Context

    async def call(self, tool: Tool, arguments: Mapping[str, Any]) -> str:
        node = self._node(tool)
        reasons = errors_of(dict(arguments), tool.parameters)
        if reasons:
            raise NodeError(f"'{tool.name}' was not called: {'; '.join(reasons[:MOST_REASONS])}.")
        try:
            outcome = await perform(node, self._given(node, tool, arguments), self._context, self._put)
        except Waiting as wait:
            raise NodeError(f"'{tool.name}' waits for a person, which a tool cannot do.") from wait
        except NodeError:
            raise
        except TimeoutError as error:
            raise NodeError(f"'{tool.name}' took longer than {node.timeout:g} s.") from error
        except Exception as error:
            log.exception("tool %s (%s) broke", tool.name, tool.kind)
            raise NodeError(f"'{tool.name}' broke with an internal error; see the log.") from error
        return shortened(text_of(outcome.values))

    def _node(self, tool: Tool) -> Node:
        if not issubclass(self.catalogue.kind(tool.kind), ToolNode):
            raise NodeError(f"'{tool.name}' is no tool: '{tool.kind}' cannot be called.")
        # The settings are those of this version: they were written when the tool was offered.
        version = self.catalogue.kind(tool.kind).settings_version
        return self.catalogue.build(
            NodeSpec(id=tool.name, type=tool.kind, version=version, settings=tool.settings)
        )

    @staticmethod
    def _given(node: Node, tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
        given = {**arguments, **tool.fixed}
        ports = tuple(
            replace(port, type=list[port.type]) if port.gathers else port  # type: ignore[name-defined]
            for port in inputs_of(node)
            if port.name in given
        )
        return {**given, **from_json(ports, given)}

    def _context(self, _: Any) -> Context:
        return replace(self.context, tools=self)

    async def _put(self, type_: str, data: dict[str, Any]) -> None:
        """Pieces of a stream are dropped: the caller gets the whole."""


def text_of(values: Mapping[str, Any]) -> str:
    """The first output that is taken, as a model reads it: text as it is, anything else as JSON."""
    answer = next((value for value in values.values() if value is not None), "")
    if isinstance(answer, str):
        return answer
    if isinstance(answer, BaseModel) and "__str__" in vars(type(answer)):
        return str(answer)
    return json.dumps(to_json(answer), ensure_ascii=False)


def shortened(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS]}\n[{len(text) - MOST_CHARACTERS} more characters are left out]"
