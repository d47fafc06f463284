"""``/v1/responses``: a published flow is asked, and may be asked further. Shapes follow OpenAI's API reference."""

from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from ninja import Header, Query, Router
from pydantic import Field

from flowbuilder.flows.models import Environment
from flowbuilder.publishing.openai import responding
from flowbuilder.publishing.openai.asking import Envelope, Request
from flowbuilder.publishing.openai.finding import may_run, refusal
from flowbuilder.publishing.openai.response import Response
from flowbuilder.publishing.openai.streaming import REVOKED, streamed
from flowbuilder.publishing.openai.whole import text_of
from flowbuilder.runs import services

router = Router(tags=["openai"])
FAREWELL = (
    f'event: error\ndata: {{"type": "error", "code": "invalid_api_key", "message": "{REVOKED}", '
    '"param": null, "sequence_number": -1}\n\n'
).encode()
NOT_TAKEN = ("conversation", "prompt", "context_management", "max_tool_calls")


class ResponseRequest(Request):
    input: str | list[dict[str, Any]]
    instructions: str | None = None
    """Stands first in the flow's `history`, and is not carried over to the next response."""
    previous_response_id: str | None = Field(None, max_length=100)
    stream: bool | None = None
    background: bool | None = None
    store: bool | None = None
    """`false` keeps nothing to ask for again."""
    text: dict[str, Any] | None = None
    metadata: dict[str, str] | None = Field(None, max_length=16)
    conversation: Any = None
    prompt: Any = None
    context_management: Any = None
    max_tool_calls: Any = None
    top_logprobs: int | None = None

    def must_be_taken(self) -> None:
        for name in NOT_TAKEN:
            if getattr(self, name) is not None:
                raise refusal(name, f"'{name}' is not taken by a flow.")
        if self.top_logprobs:
            raise refusal("top_logprobs", "A flow tells no log probabilities.")
        if self.background and self.store is False:
            raise refusal("background", "What runs in the background is stored: leave out 'store'.")


@router.post("/responses")
async def create_response(
    request: HttpRequest,
    body: ResponseRequest,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=200),
    session_id: str = Header("", alias="X-Session-Id", max_length=200),
    environment: str = Header(Environment.PRODUCTION, alias="X-Environment", max_length=40),
) -> HttpResponse | StreamingHttpResponse:
    """Ask a flow; with `previous_response_id` in the conversation that it belongs to."""
    await sync_to_async(may_run)(request.asker)
    body.must_be_taken()
    before = await previous(request, body.previous_response_id)
    submit = sync_to_async(responding.submit)
    envelope = Envelope(idempotency_key, session_id, environment)
    response = await submit(request.asker, body, before, envelope)
    if body.stream:
        goes_on = bool(body.background)
        return streamed(request, response.run, response.events(), FAREWELL, goes_on=goes_on)
    if body.background:
        return JsonResponse(await response.whole())
    text = await text_of(response.answer, comes_back=bool(idempotency_key))
    return JsonResponse(response.ended(text))


async def previous(request: HttpRequest, name: str | None) -> list[dict[str, Any]]:
    """The conversation that a response belongs to, with what it answered."""
    if not name:
        return []
    stored = await sync_to_async(responding.find)(request.asker, name)
    return await responding.conversation_of(stored)


@router.get("/responses/{response_id}")
async def get_response(
    request: HttpRequest, response_id: str, stream: bool = False, starting_after: int = Query(-1, ge=-1)
) -> HttpResponse | StreamingHttpResponse:
    """A response as it stands; with `stream` its events, from the one after `starting_after` on."""
    stored = await sync_to_async(responding.find)(request.asker, response_id)
    response = responding.of_stored(stored)
    if stream:
        return streamed(request, stored.run, response.events(starting_after), FAREWELL, goes_on=True)
    return JsonResponse(await response.whole())


@router.delete("/responses/{response_id}")
def delete_response(request: HttpRequest, response_id: str) -> dict[str, Any]:
    """It can be asked for no longer; its run stays in the flow's log."""
    stored = responding.find(request.asker, response_id)
    may_run(request.asker)
    stored.delete()
    return {"id": response_id, "object": "response", "deleted": True}


@router.post("/responses/{response_id}/cancel")
async def cancel_response(request: HttpRequest, response_id: str) -> HttpResponse:
    """Stop one that runs in the background."""
    stored = await sync_to_async(responding.find)(request.asker, response_id)
    may_run(request.asker)
    if not stored.asked.get("background"):
        raise refusal("response_id", "Only a response with 'background' can be cancelled; close the stream.")
    await sync_to_async(services.cancel)(stored.run)
    await stored.run.arefresh_from_db()
    return JsonResponse(await Response(responding.of_stored(stored).answer, stored.asked).whole())


@router.get("/responses/{response_id}/input_items")
def list_input_items(
    request: HttpRequest,
    response_id: str,
    limit: int = Query(20, ge=1, le=100),
    order: Literal["asc", "desc"] = "desc",
    after: str = "",
) -> dict[str, Any]:
    """What was sent with it; the newest first."""
    items = list(responding.find(request.asker, response_id).items)
    if order == "desc":
        items.reverse()
    ids = [item["id"] for item in items]
    if after and after not in ids:
        raise refusal("after", f"The response has no input item '{after}'.")
    rest = items[ids.index(after) + 1 :] if after else items
    page = rest[:limit]
    ends = {"first_id": page[0]["id"] if page else "", "last_id": page[-1]["id"] if page else ""}
    return {"object": "list", "data": page, **ends, "has_more": len(rest) > limit}
