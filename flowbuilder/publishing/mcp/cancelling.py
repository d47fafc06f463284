"""A call that its client takes back.

Since 2026-07-28 of the protocol a client closes the answer's stream, and says nothing more. Before, it sends
``notifications/cancelled`` with the number that it gave the call, in a request of its own, which any of our processes may get.
Clients choose numbers from 1 up, so a number alone names nobody's call: each client is given a name when it introduces
itself (``Mcp-Session-Id``), keeps it with every request, and cancels what was called under the same key and that name.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import ENDED, Door, Run

HEADER = "Mcp-Session-Id"
LONGEST = 100
CANCELLED, INTRODUCES = "notifications/cancelled", "initialize"


def message_in(body: bytes) -> dict[str, Any]:
    """The JSON-RPC message of a request; empty where it is none, which the protocol's own side then refuses."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def new_client() -> str:
    return uuid.uuid4().hex


def call_of(client: str, number: Any) -> dict[str, Any]:
    """What a run's origin says of the call. A client without a name cannot cancel by number."""
    return {"client": client, "call": number} if client and number is not None else {}


def cancel(asker: Asker, client: str, message: dict[str, Any]) -> None:
    """What was answered meanwhile, and what nobody called, is left alone: the protocol has no answer for either."""
    params = message.get("params")
    number = params.get("requestId") if isinstance(params, dict) else None
    if not client or isinstance(number, bool) or not isinstance(number, int | str):
        return
    mine = Run.objects.filter(workspace=asker.workspace, key_id=asker.key_id, door=Door.MCP)
    for run in mine.exclude(status__in=ENDED):
        if (run.origin.get("client"), run.origin.get("call")) == (client, number):
            runs.cancel(run)
