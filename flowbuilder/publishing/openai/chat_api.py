"""``/v1/chat/completions``: a published flow is a model. Shapes follow OpenAI's API reference."""

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from ninja import Header, Router, Schema
from pydantic import ConfigDict, Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import apart
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Environment
from flowbuilder.flows.publication import must_be_in
from flowbuilder.publishing.openai.answer import Answer, RunFailed
from flowbuilder.publishing.openai.calling import (
    Brought,
    Sampled,
    choice_of,
    overrides_of,
    schema_of_format,
    told_to,
    tools_of,
)
from flowbuilder.publishing.openai.completion import Completion, error_frame
from flowbuilder.publishing.openai.finding import find, may_run, refusal
from flowbuilder.publishing.openai.messages import Message, conversation
from flowbuilder.publishing.openai.streaming import REVOKED, streamed
from flowbuilder.runs import services
from flowbuilder.runs.models import Door, Run

router = Router(tags=["openai"])
FAREWELL = error_frame("invalid_request_error", "invalid_api_key", REVOKED)
NOT_TAKEN = ("audio", "function_call", "functions", "prediction", "web_search_options")


class StreamOptions(Schema):
    model_config = ConfigDict(extra="ignore")
    include_usage: bool = False


class ChatRequest(Sampled):
    """Sampling settings that the flow's owner does not leave to callers are accepted and have no effect."""

    model_config = ConfigDict(extra="ignore")
    model: str
    messages: list[Message]
    stream: bool = False
    stream_options: StreamOptions | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    response_format: dict[str, Any] | None = None
    n: int | None = None
    logprobs: bool | None = None
    modalities: list[str] | None = None
    audio: Any = None
    function_call: Any = None
    functions: Any = None
    prediction: Any = None
    web_search_options: Any = None
    overrides: dict[str, dict[str, Any]] = {}
    """Ours: settings by node, of those that the flow's owner leaves to callers."""
    safety_identifier: str | None = Field(None, max_length=200)
    user: str | None = Field(None, max_length=200)
    """Either names whose conversation this is; OpenAI is replacing the second by the first."""

    def brought(self) -> Brought:
        tools = tools_of(self.tools or [], nested=True)
        return Brought(
            tools=tools,
            choice=choice_of(self.tool_choice, tools),
            several=self.parallel_tool_calls is not False,
            json_schema=schema_of_format(self.response_format, "response_format"),
            sampling=self,
        )

    def must_be_taken(self) -> None:
        """``ApiError`` 400 for what would change the answer, and cannot be had from a flow."""
        if self.n not in {None, 1}:
            raise refusal("n", "A flow gives one answer: leave out 'n', or send 1.")
        if self.logprobs:
            raise refusal("logprobs", "A flow tells no log probabilities.")
        if set(self.modalities or []) - {"text"}:
            raise refusal("modalities", "A flow answers with text alone.")
        for name in NOT_TAKEN:
            if getattr(self, name) is not None:
                raise refusal(name, f"'{name}' is not taken by a flow.")


@router.post("/chat/completions")
async def create_completion(
    request: HttpRequest,
    body: ChatRequest,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=200),
    session_id: str = Header("", alias="X-Session-Id", max_length=200),
    environment: str = Header(Environment.PRODUCTION, alias="X-Environment", max_length=40),
) -> HttpResponse | StreamingHttpResponse:
    """The last user message is the run's `question`; what came before it is `history`."""
    run, answer = await sync_to_async(submit)(request.asker, body, idempotency_key, session_id, environment)
    completion = Completion(answer, body.model)
    if body.stream:
        include_usage = bool(body.stream_options and body.stream_options.include_usage)
        return streamed(request, run, completion.chunks(include_usage), FAREWELL)
    try:
        text = "".join([piece async for piece in apart(answer.text())])
    except RunFailed as failed:
        raise ApiError("run_failed", str(failed), 500) from failed
    return JsonResponse(completion.whole(text))


def submit(
    asker: Asker, body: ChatRequest, key: str, session: str, environment: str = Environment.PRODUCTION
) -> tuple[Run, Answer]:
    flow = find(asker, body.model, environment)
    may_run(asker)
    body.must_be_taken()
    said, brought = conversation(body.messages), body.brought()
    run = services.submit(
        asker=asker,
        flow=flow,
        version=must_be_in(flow, environment),
        inputs={"question": said.question, "history": said.history},
        session=session or body.safety_identifier or body.user or "",
        idempotency_key=key or f"openai:{uuid.uuid4()}",
        door=Door.OPENAI,
        environment=environment,
        overrides=overrides_of(flow, brought, body.overrides),
        caller=told_to(flow, brought, said.exchange),
    )
    return run, Answer(run, brought.json_schema)
