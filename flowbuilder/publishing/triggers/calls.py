"""A call to a webhook: who may, what it may bring, and the run that it starts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.publishing.models import Webhook
from flowbuilder.publishing.outsiders import outsider
from flowbuilder.publishing.rate import count_call
from flowbuilder.publishing.triggers.live import triggers_of
from flowbuilder.publishing.triggers.tokens import admits
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import Run
from nodes.flow.webhook import Webhook as WebhookNode
from nodes.json_rules import errors_of

MOST_HEADERS, LONGEST_HEADER = 100, 2000
KEPT_BACK = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "x-csrftoken"})
"""Headers that say who somebody is: they reach no run."""
MOST_ERRORS = 20


def admitted(hook_id: uuid.UUID, token: str) -> tuple[Webhook, WebhookNode]:
    """The webhook and its node in the live version. ``ApiError`` 404 for everything else, so that nothing can be guessed."""
    asked = Webhook.objects.select_related("flow__published_version", "flow__workspace")
    hook = asked.filter(pk=hook_id).first()
    if hook is not None and admits(hook, token):
        count_call(hook)
        if node := triggers_of(hook.flow, WebhookNode).get(hook.node_id):
            return hook, node
    raise ApiError("not_found", "Nothing listens here: the address is wrong, or the flow is offline.", 404)


def start(hook: Webhook, node: WebhookNode, request: HttpRequest, idempotency_key: str) -> Run:
    """Accept the call as a run of the live version; the same Idempotency-Key gives the same run."""
    if len(request.body) > node.most_kilobytes * 1024:
        raise ApiError("too_large", f"A body may have {node.most_kilobytes} KB here.", 413)
    call = {
        "node": hook.node_id,
        "body": body_of(request.body, node),
        "headers": headers_of(request.headers),
        "query": {
            name: values if len(values) > 1 else values[0] for name, values in request.GET.lists() if values
        },
    }
    return runs.submit(
        asker=outsider(hook.flow),
        flow=hook.flow,
        version=hook.flow.published_version,
        inputs={"webhook": call},
        origin={"kind": "webhook", "node": hook.node_id},
        idempotency_key=f"hook:{hook.pk}:{idempotency_key}" if idempotency_key else None,
    )


def body_of(sent: bytes, node: WebhookNode) -> dict[str, Any] | list[Any]:
    try:
        body = json.loads(sent)
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid", f"The body is not JSON: {error}.", 400) from None
    if not isinstance(body, dict | list):
        raise ApiError("invalid", "The body is a JSON object or list.", 422)
    if node.json_schema.strip():
        broken = [said.partition(": ") for said in errors_of(body, json.loads(node.json_schema))][
            :MOST_ERRORS
        ]
        details = [
            {"where": "body" if where == "record" else f"body.{where}", "message": message[:500]}
            for where, _, message in broken
        ]
        if details:
            summary = "; ".join(f"{row['where']}: {row['message']}" for row in details)
            raise ApiError("invalid", summary, 422, details)
    return body


def headers_of(headers: Mapping[str, str]) -> dict[str, str]:
    passed = {name.lower(): value[:LONGEST_HEADER] for name, value in headers.items()}
    return dict(list((name, value) for name, value in passed.items() if name not in KEPT_BACK)[:MOST_HEADERS])
