"""An error as OpenAI's clients read it."""

from typing import Any

from flowbuilder.accounts.errors import ApiError

BUSY = 429
BROKEN = 500
USED_UP = "insufficient_quota"


def openai_error(error: ApiError) -> dict[str, Any]:
    kind = "server_error" if error.status >= BROKEN else "invalid_request_error"
    code = error.code
    if error.status == BUSY:
        kind, code = limit_reached(error)
    first = error.details[0] if isinstance(error.details, list) and error.details else {}
    where = first.get("where") if isinstance(first, dict) else None
    param = where.removeprefix("body.").removeprefix("body.") if isinstance(where, str) else None
    return {"error": {"message": error.message, "type": kind, "code": code, "param": param}}


def limit_reached(error: ApiError) -> tuple[str, str]:
    """A rate has room again in a moment; a quota or budget is used up."""
    limit = error.details.get("limit", "") if isinstance(error.details, dict) else ""
    if limit.endswith(("_day", "_month")):
        return USED_UP, USED_UP
    return "rate_limit_error", "rate_limit_exceeded"


def headers_of(error: ApiError) -> dict[str, str]:
    """OpenAI's clients send again what was answered with 429 or 5xx: not where that would run a flow in vain."""
    in_vain = error.code == "run_failed" or (error.status == BUSY and limit_reached(error)[1] == USED_UP)
    return {**error.headers, **({"x-should-retry": "false"} if in_vain else {})}
