"""``nodes.services.remote_models.RemoteModels``: OpenAI's chat protocol by OpenAI's own client, to listed hosts alone."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from flowbuilder.modelhub.remote_errors import adapted, explained
from flowbuilder.outbound import Refused
from flowbuilder.outbound_async import client, must_be_listed
from flowbuilder.secrets.revealing import revealed
from nodes.base import NodeError, Retryable, Sampling
from nodes.services.caller import AUTO, NONE, REQUIRED
from nodes.services.remote_models import Endpoint, ToolCall

CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class NodeRemoteModels:
    """For one node of one run."""

    workspace_id: uuid.UUID
    report: Callable[[str, dict[str, Any]], None]

    async def chat(
        self,
        endpoint: Endpoint,
        messages: Sequence[Mapping[str, Any]],
        *,
        sampling: Sampling,
        schema: dict[str, Any] | None = None,
        tools: Sequence[dict[str, Any]] = (),
        choice: str = "",
    ) -> AsyncIterator[str | ToolCall]:
        if not endpoint.base_url or not endpoint.model:
            raise NodeError("Say where the model answers in 'base_url', and which one it is in 'model_name'.")
        try:
            must_be_listed(endpoint.base_url)
        except Refused as error:
            raise NodeError(f"Setting 'base_url': {error}") from error
        host = urlsplit(endpoint.base_url).hostname or ""
        self.report("model", {"model": f"{endpoint.model} at {host}"})
        key = ""
        if endpoint.api_key:
            key = await revealed(self.workspace_id, endpoint.api_key, endpoint.base_url)
        body = body_of(endpoint, messages, sampling, schema, tools)
        if tools and choice:
            body["tool_choice"] = choice_of(choice)
        async with aclosing(_answer(endpoint, key, body)) as said:
            async for part in said:
                if isinstance(part, dict):
                    self.report("usage", part)
                else:
                    yield part


def body_of(
    endpoint: Endpoint,
    messages: Sequence[Mapping[str, Any]],
    sampling: Sampling,
    schema: dict[str, Any] | None,
    tools: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """What is asked; what the protocol does not know of the sampling is left out."""
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": [dict(message) for message in messages],
        "max_tokens": sampling.max_new_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if sampling.stop:
        body["stop"] = list(sampling.stop)
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    if schema is not None:
        told = {"name": "answer", "schema": schema, "strict": False}
        body["response_format"] = {"type": "json_schema", "json_schema": told}
    if tools:
        body["tools"] = list(tools)
    return body


def choice_of(choice: str) -> str | dict[str, Any]:
    if choice in {AUTO, NONE, REQUIRED}:
        return choice
    return {"type": "function", "function": {"name": choice}}


async def _answer(
    endpoint: Endpoint, key: str, body: dict[str, Any]
) -> AsyncGenerator[str | ToolCall | dict[str, int]]:
    """Pieces of text, then calls, then counts; the server's failures as sentences."""
    import openai  # half a second, and most flows never ask

    async def plain(request: httpx.Request) -> None:
        """What the client tells of this machine, and a key where there is none, stay here."""
        for name in [name for name in request.headers if name.startswith("x-stainless-")]:
            del request.headers[name]
        if not key:
            del request.headers["Authorization"]

    http = client(httpx.Timeout(endpoint.seconds, connect=CONNECT_SECONDS))
    http.event_hooks = {"request": [plain]}
    api = openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=key or "none",
        http_client=http,
        max_retries=endpoint.tries - 1,
        # Of the environment, where they would be sent along.
        organization="",
        project="",
    )
    async with api:
        try:
            stream = await _begun(api, body)
            async with stream:
                async for part in _parts(stream):
                    yield part
        except (openai.OpenAIError, httpx.HTTPError) as error:
            raised = await explained(error, endpoint, api)
            message = str(raised).replace(key, "…") if key else str(raised)
            raise type(raised)(message) from error


async def _begun(api: Any, body: dict[str, Any]) -> Any:
    """The stream; asked again without what this server does not know."""
    import openai

    while True:
        try:
            return await api.chat.completions.create(**body)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            less = adapted(body, str(error))
            if less is None:
                raise
            body = less


async def _parts(stream: Any) -> AsyncGenerator[str | ToolCall | dict[str, int]]:
    calls: dict[int, dict[str, str]] = {}
    understood = False
    async for chunk in stream:
        if chunk.usage:
            understood = True
            yield {
                "prompt_tokens": chunk.usage.prompt_tokens or 0,
                "completion_tokens": chunk.usage.completion_tokens or 0,
            }
        for choice in chunk.choices or []:
            understood = True
            if choice.delta and choice.delta.content:
                yield choice.delta.content
            for wanted in (choice.delta and choice.delta.tool_calls) or []:
                _gather(calls.setdefault(wanted.index or 0, {"id": "", "name": "", "arguments": ""}), wanted)
            if choice.finish_reason == "content_filter":
                raise NodeError("The server's content filter stopped the answer.")
    if not understood:
        raise Retryable("The server's answer held no message of OpenAI's chat protocol.")
    for index, call in sorted(calls.items()):
        yield ToolCall(**{**call, "id": call["id"] or f"call_{index}"})


def _gather(call: dict[str, str], wanted: Any) -> None:
    call["id"] = wanted.id or call["id"]
    if wanted.function:
        call["name"] += wanted.function.name or ""
        call["arguments"] += wanted.function.arguments or ""
