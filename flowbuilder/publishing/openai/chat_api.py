"""``/v1/chat/completions``: a published flow is a model. Shapes follow OpenAI's API reference."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from ninja import Header, Router, Schema
from pydantic import ConfigDict

from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Environment
from flowbuilder.publishing.openai.answer import Answer
from flowbuilder.publishing.openai.asking import Envelope, Request, begin
from flowbuilder.publishing.openai.calling import Brought
from flowbuilder.publishing.openai.completion import Completion, error_frame
from flowbuilder.publishing.openai.finding import may_run, refusal
from flowbuilder.publishing.openai.messages import Message
from flowbuilder.publishing.openai.streaming import REVOKED, streamed
from flowbuilder.publishing.openai.whole import text_of

router = Router(tags=["openai"])
FAREWELL = error_frame("invalid_request_error", "invalid_api_key", REVOKED)
NOT_TAKEN = ("audio", "function_call", "functions", "logit_bias", "prediction", "web_search_options")


class StreamOptions(Schema):
    model_config = ConfigDict(extra="ignore")
    include_usage: bool = False


class ChatRequest(Request):
    messages: list[Message]
    stream: bool = False
    stream_options: StreamOptions | None = None
    response_format: dict[str, Any] | None = None
    n: int | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    modalities: list[str] | None = None
    audio: Any = None
    function_call: Any = None
    functions: Any = None
    logit_bias: dict[str, Any] | None = None
    prediction: Any = None
    web_search_options: Any = None

    def brought(self) -> Brought:
        return self.brings(self.response_format, "response_format", nested=True)

    def must_be_taken(self) -> None:
        """``ApiError`` 400 for what would change the answer, and cannot be had from a flow."""
        if self.n not in {None, 1}:
            raise refusal("n", "A flow gives one answer: leave out 'n', or send 1.")
        if self.logprobs or self.top_logprobs:
            raise refusal("logprobs", "A flow tells no log probabilities.")
        if set(self.modalities or []) - {"text"}:
            raise refusal("modalities", "A flow answers with text alone.")
        for name in NOT_TAKEN:
            if getattr(self, name):
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
    envelope = Envelope(idempotency_key, session_id, environment)
    answer = await sync_to_async(submit)(request.asker, body, envelope)
    completion = Completion(answer, body.model)
    if body.stream:
        include_usage = bool(body.stream_options and body.stream_options.include_usage)
        return streamed(request, answer.run, completion.chunks(include_usage), FAREWELL)
    text = await text_of(answer, comes_back=bool(idempotency_key))
    return JsonResponse(completion.whole(text))


def submit(asker: Asker, body: ChatRequest, envelope: Envelope) -> Answer:
    may_run(asker)
    body.must_be_taken()
    return begin(asker, body, body.messages, body.brought(), envelope)
