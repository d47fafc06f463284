"""Leads of a flow: kept once for each chat, and given out as Flowise's clients read them."""

from __future__ import annotations

from typing import Any

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.publishing.flowise.entrance import Caller
from flowbuilder.publishing.flowise.models import Lead


def keep(caller: Caller, chat: str, said: dict[str, str]) -> Lead:
    """In place of what this chat left before."""
    if not caller.doors.flowise_leads:
        raise ApiError("forbidden", "This chatbot asks nobody for their name.", 403)
    if not any(said.values()):
        raise ApiError("invalid", "A lead has a 'name', an 'email' or a 'phone'.", 400)
    return _keep(caller, chat, said)


def note_email(caller: Caller, chat: str, email: str) -> None:
    """A question carries the address that its chat left; where the owner asks for none it is not kept."""
    if caller.doors.flowise_leads and not Lead.objects.filter(flow=caller.flow, chat=chat).exists():
        _keep(caller, chat, {"email": email})


def forget(*, asker: Asker, lead: Lead) -> None:
    """By the log too: it tells of which flow, and not who."""
    audit.delete(asker=asker, thing=lead, kind="lead", subject=lead.flow.name)


def _keep(caller: Caller, chat: str, said: dict[str, str]) -> Lead:
    known = {"workspace": caller.doors.workspace, **said}
    return Lead.objects.update_or_create(flow=caller.flow, chat=chat, defaults=known)[0]


def row(lead: Lead) -> dict[str, Any]:
    return {
        "id": str(lead.pk),
        "chatflowid": str(lead.flow_id),
        "chatId": lead.chat,
        "name": lead.name,
        "email": lead.email,
        "phone": lead.phone,
        "createdDate": lead.created_at.isoformat(),
    }
