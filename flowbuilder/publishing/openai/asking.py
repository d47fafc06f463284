"""A question in either of OpenAI's APIs becomes a run of the flow that is its model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, Field

from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Environment
from flowbuilder.flows.publication import must_be_in
from flowbuilder.publishing.openai.answer import Answer
from flowbuilder.publishing.openai.calling import (
    Brought,
    Sampled,
    choice_of,
    overrides_of,
    schema_of_format,
    told_to,
    tools_of,
)
from flowbuilder.publishing.openai.finding import find
from flowbuilder.publishing.openai.messages import Message, conversation
from flowbuilder.runs import services
from flowbuilder.runs.models import Door


class Request(Sampled):
    """What both APIs take in the same words. Sampling that the flow's owner does not leave to callers has no effect."""

    model_config = ConfigDict(extra="ignore")
    model: str
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    overrides: dict[str, dict[str, Any]] = {}
    """Ours: settings by node, of those that the flow's owner leaves to callers."""
    safety_identifier: str | None = Field(None, max_length=200)
    user: str | None = Field(None, max_length=200)
    """Either names whose conversation this is; OpenAI is replacing the second by the first."""

    def brings(self, form: dict[str, Any] | None, where: str, *, nested: bool) -> Brought:
        """``form``: of the reply, as the request has it at ``where``; ``nested``: how its tools are written."""
        tools = tools_of(self.tools or [], nested=nested)
        return Brought(
            tools=tools,
            choice=choice_of(self.tool_choice, tools),
            several=self.parallel_tool_calls is not False,
            json_schema=schema_of_format(form, where),
            sampling=self,
        )


@dataclass(frozen=True)
class Envelope:
    """What a request's headers say of it."""

    idempotency_key: str = ""
    session: str = ""
    environment: str = Environment.PRODUCTION


def begin(
    asker: Asker, body: Request, messages: Sequence[Message], brought: Brought, envelope: Envelope
) -> Answer:
    """The answer that is being written. The last user message is the run's ``question``."""
    flow = find(asker, body.model, envelope.environment)
    said = conversation(messages)
    run = services.submit(
        asker=asker,
        flow=flow,
        version=must_be_in(flow, envelope.environment),
        inputs={"question": said.question, "history": said.history},
        session=envelope.session or body.safety_identifier or body.user or "",
        idempotency_key=envelope.idempotency_key,
        door=Door.OPENAI,
        environment=envelope.environment,
        overrides=overrides_of(flow, brought, body.overrides),
        caller=told_to(flow, brought, said.exchange),
    )
    return Answer(run, brought.json_schema)
