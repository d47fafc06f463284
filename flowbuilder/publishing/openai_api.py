"""OpenAI-compatible: published flows are models.

Shapes follow OpenAI's API reference for chat completions and models.
"""

import uuid
from functools import partial
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from ninja import Header, Router, Schema
from pydantic import ConfigDict, Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import apart, while_allowed
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.completion import Completion, RunFailed, error_frame
from flowbuilder.runs import services
from flowbuilder.runs.api import may_follow
from flowbuilder.runs.models import Run

router = Router(tags=["openai"])
REVOKED = error_frame(
    "invalid_request_error", "invalid_api_key", "This API key was revoked, or the flow was taken offline."
)


class Part(Schema):
    model_config = ConfigDict(extra="ignore")
    type: str
    text: str = ""


class Message(Schema):
    model_config = ConfigDict(extra="ignore")
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None

    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(Schema):
    model_config = ConfigDict(extra="ignore")
    include_usage: bool = False


class ChatRequest(Schema):
    """What a flow does not take from its caller (sampling settings, tools) is accepted and has no effect."""

    model_config = ConfigDict(extra="ignore")
    model: str
    messages: list[Message]
    stream: bool = False
    stream_options: StreamOptions | None = None
    safety_identifier: str | None = Field(None, max_length=200)
    user: str | None = Field(None, max_length=200)
    """Either names whose conversation this is; OpenAI is replacing the second by the first."""


@router.get("/models")
def list_models(request: HttpRequest) -> dict[str, Any]:
    return {"object": "list", "data": [as_model(flow) for flow in published(request.asker).order_by("slug")]}


@router.get("/models/{slug}")
def get_model(request: HttpRequest, slug: str) -> dict[str, Any]:
    return as_model(find(request.asker, slug))


@router.post("/chat/completions")
async def create_completion(
    request: HttpRequest,
    body: ChatRequest,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=200),
    session_id: str = Header("", alias="X-Session-Id", max_length=200),
) -> HttpResponse | StreamingHttpResponse:
    """The last user message is the run's `question`; what came before it is `history`."""
    run = await sync_to_async(submit)(request.asker, body, idempotency_key, session_id)
    completion = Completion(run, body.model)
    if body.stream:
        include_usage = bool(body.stream_options and body.stream_options.include_usage)
        stream = while_allowed(
            cancelled_with_caller(completion, include_usage), partial(still_called, request, run), REVOKED
        )
        answer = StreamingHttpResponse(stream, content_type="text/event-stream")
        answer["Cache-Control"] = "no-store"
        return answer
    try:
        text = "".join([piece async for piece in apart(completion.text())])
    except RunFailed as failed:
        raise ApiError("run_failed", str(failed), 500) from failed
    return JsonResponse(completion.whole(text))


async def still_called(request: HttpRequest, run: Run) -> bool:
    return await sync_to_async(is_published_for)(await request.ask_again(), run)


def is_published_for(asker: Asker | None, run: Run) -> bool:
    return may_follow(asker, run.pk) and published(asker).filter(pk=run.flow_id).exists()


async def cancelled_with_caller(completion: Completion, include_usage: bool) -> Any:
    ended = False
    try:
        async for chunk in completion.chunks(include_usage):
            yield chunk
        ended = True
    finally:
        if not ended:
            await sync_to_async(services.cancel)(completion.run)


def submit(asker: Asker, body: ChatRequest, key: str, session: str) -> Run:
    flow = find(asker, body.model)
    if not asker.can_run:
        raise ApiError("forbidden", "This key may look at flows but not run them.", 403)
    asked = [index for index, message in enumerate(body.messages) if message.role == "user"]
    if not asked:
        raise ApiError(
            "invalid_request_error", "'messages' needs at least one message of the role 'user'.", 400
        )
    history = [{"role": message.role, "content": message.text()} for message in body.messages[: asked[-1]]]
    inputs = {"question": body.messages[asked[-1]].text(), "history": history}
    return services.submit(
        asker=asker,
        flow=flow,
        version=flow.published_version,
        inputs=inputs,
        session=session or body.safety_identifier or body.user or "",
        idempotency_key=key or f"openai:{uuid.uuid4()}",
    )


def published(asker: Asker | None) -> Any:
    """What is live, and open to API keys."""
    live = Flow.objects.visible_to(asker).exclude(published_version=None).exclude(doors__api=False)
    return live.select_related("published_version")


def find(asker: Asker, slug: str) -> Flow:
    flow = published(asker).filter(slug=slug).first()
    if flow is None:
        known = ", ".join(published(asker).values_list("slug", flat=True)[:20]) or "none yet"
        raise ApiError(
            "model_not_found", f"No published flow is called '{slug}'. Published here: {known}.", 404
        )
    return flow


def as_model(flow: Flow) -> dict[str, Any]:
    return {
        "id": flow.slug,
        "object": "model",
        "created": int(flow.created_at.timestamp()),
        "owned_by": "flowbuilder",
    }
