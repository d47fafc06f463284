"""``/mcp`` and ``/mcp/<flow>``: for MCP clients with an API key. Nothing is kept between requests."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from flowbuilder.accounts.lasting import while_allowed
from flowbuilder.accounts.models import Asker
from flowbuilder.accounts.services import asker_from_key
from flowbuilder.publishing.mcp.bridge import Bridge
from flowbuilder.publishing.mcp.cancelling import (
    CANCELLED,
    HEADER,
    INTRODUCES,
    LONGEST,
    cancel,
    message_in,
    new_client,
)
from flowbuilder.publishing.mcp.tools import flows_for

BEARER = "bearer "


@csrf_exempt
async def mcp(request: HttpRequest, slug: str = "") -> HttpResponseBase:
    token = token_of(request)
    asker = await sync_to_async(asker_from_key)(token) if token else None
    if asker is None:
        message = "Send a live API key as 'Authorization: Bearer fb_...'."
        answer = refused("unauthenticated", message, 401)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if slug and not await sync_to_async(flows_for)(asker, slug):
        message = f"No published flow '{slug}' is open for MCP, or it is not yours."
        return refused("not_found", message, 404)
    if request.method != "POST":
        # Nothing is pushed outside of answers, and there are no sessions to end.
        return HttpResponse(status=405, headers={"Allow": "POST"})
    message = message_in(request.body)
    client = request.headers.get(HEADER, "")[:LONGEST]
    bridge = Bridge(request, application(request, asker, slug, client))

    def lasting(pieces: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        return while_allowed(pieces, lambda: sync_to_async(still_open)(token, slug))

    answered = await bridge.answer(lasting)
    if message.get("method") == INTRODUCES:
        answered[HEADER] = new_client()
    elif message.get("method") == CANCELLED and answered.status_code == HTTPStatus.ACCEPTED:
        await sync_to_async(cancel)(asker, client, message)
    return answered


def token_of(request: HttpRequest) -> str:
    said = request.headers.get("Authorization", "")
    return said[len(BEARER) :].strip() if said.lower().startswith(BEARER) else ""


def still_open(token: str, slug: str) -> bool:
    return bool(flows_for(asker_from_key(token), slug))


def application(request: HttpRequest, asker: Asker, slug: str, client: str) -> Any:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

    from flowbuilder.publishing.mcp.server import server_for

    host = request.get_host()
    # A page of another site, or of a name that was pointed here, asks nothing in its visitor's name.
    origins = [f"{request.scheme}://{host}", *settings.CSRF_TRUSTED_ORIGINS]
    security = TransportSecuritySettings(allowed_hosts=[host], allowed_origins=origins)
    server = server_for(asker, slug, client)

    async def run(scope: Any, receive: Any, send: Any) -> None:
        manager = StreamableHTTPSessionManager(app=server, stateless=True, security_settings=security)
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    return run


def refused(code: str, message: str, status: int) -> HttpResponse:
    return JsonResponse({"error": {"code": code, "message": message, "details": None}}, status=status)
