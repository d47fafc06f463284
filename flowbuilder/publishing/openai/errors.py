"""An error as OpenAI's clients read it."""

from typing import Any

from flowbuilder.accounts.errors import ApiError

BUSY = 429
BROKEN = 500


def openai_error(error: ApiError) -> dict[str, Any]:
    kind = "server_error" if error.status >= BROKEN else "invalid_request_error"
    if error.status == BUSY:
        kind = "rate_limit_error"
    first = error.details[0] if isinstance(error.details, list) and error.details else {}
    where = first.get("where") if isinstance(first, dict) else None
    param = where.removeprefix("body.").removeprefix("body.") if isinstance(where, str) else None
    return {"error": {"message": error.message, "type": kind, "code": error.code, "param": param}}
