"""What a server of OpenAI's protocol refuses: asked differently where it can be, else said in a sentence."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flowbuilder.outbound import Refused
from nodes.base import NodeError, PromptTooLong, Retryable
from nodes.services.remote_models import Endpoint

MOST_NAMED = 12
MOST_SAID = 300


def adapted(body: dict[str, Any], message: str) -> dict[str, Any] | None:
    """The same question without what the server does not know; None where that is not what it refused."""
    if "max_completion_tokens" in message and "max_tokens" in body:
        return {**_without(body, "max_tokens"), "max_completion_tokens": body["max_tokens"]}
    if "stream_options" in message and "stream_options" in body:
        return _without(body, "stream_options")
    if ("response_format" in message or "json_schema" in message) and "response_format" in body:
        less = _without(body, "response_format")
        if body["response_format"]["type"] == "json_schema":
            less["response_format"] = {"type": "json_object"}
        return less
    return None


def _without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


async def explained(error: Exception, endpoint: Endpoint, api: Any) -> NodeError:
    """What to show for it."""
    import openai

    host = urlsplit(endpoint.base_url).hostname
    if isinstance(error.__cause__, Refused):
        return NodeError(f"Setting 'base_url': {error.__cause__}")
    if isinstance(error, openai.APITimeoutError):
        return NodeError(
            f"'{host}' did not answer within {endpoint.seconds:g} s, {endpoint.tries} times. Raise "
            "'seconds', or ask for fewer tokens."
        )
    if isinstance(error, openai.APIStatusError):
        return await _refused(error, host or "", endpoint, api)
    if isinstance(error, openai.APIConnectionError):
        return NodeError(f"'{host}' cannot be reached at {endpoint.base_url}: is a server running there?")
    if isinstance(error, openai.APIError):
        return NodeError(f"'{host}' failed while it answered: {error.message[:MOST_SAID]}")
    return Retryable(f"The connection to '{host}' broke off while it answered.")


async def _refused(error: Any, host: str, endpoint: Endpoint, api: Any) -> NodeError:
    """By the status; what the server itself says stands in it."""
    said = _message(error)
    if error.status_code in {401, 403}:
        return NodeError(
            f"'{host}' refuses the key of setting 'api_key' (status {error.status_code}). {said}"
        )
    if error.status_code == 404:
        return NodeError(
            f"'{host}' knows no model '{endpoint.model}' at {endpoint.base_url}. {await _there(api)}".strip()
        )
    if error.status_code == 429:
        return NodeError(f"'{host}' is busy or your quota is used up (asked {endpoint.tries} times). {said}")
    if error.status_code >= 500:
        return NodeError(f"'{host}' failed {endpoint.tries} times with status {error.status_code}. {said}")
    if _is_too_long(error, said):
        return PromptTooLong(f"The prompt is longer than '{endpoint.model}' reads. {said}")
    return NodeError(f"'{host}' refuses the question (status {error.status_code}). {said}")


def _message(error: Any) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    said = body.get("message") or body.get("detail") or ""
    return f"It says: {str(said)[:MOST_SAID]}" if said else ""


def _is_too_long(error: Any, said: str) -> bool:
    return getattr(error, "code", "") == "context_length_exceeded" or "context length" in said.lower()


async def _there(api: Any) -> str:
    """Which models there are, where the server tells."""
    import openai

    try:
        listed = await api.with_options(max_retries=0, timeout=5).models.list()
    except openai.OpenAIError:
        return "Look at the address: most end in /v1."
    names = [model.id for model in listed.data]
    return f"It has: {', '.join(names[:MOST_NAMED]) or 'none'}."
