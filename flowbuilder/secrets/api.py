"""Secrets over HTTP: written, never read."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Router, Schema, Status

from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.secrets import services
from flowbuilder.secrets.models import Secret

must_edit = page_must(
    edits, gettext_noop("Your role may not change secrets; ask an editor of the workspace.")
)

router = Router(tags=["secrets"])


class SecretValue(Schema):
    value: str
    hosts: list[str]


class NewSecret(SecretValue):
    name: str


@router.get("/secrets")
def list_secrets(request: HttpRequest) -> list[dict[str, Any]]:
    """Names, and where each may go; a value is shown to nobody."""
    return [row(secret) for secret in Secret.objects.visible_to(request.asker)]


@router.post("/secrets", response={201: dict[str, Any]})
def keep_secret(request: HttpRequest, body: NewSecret) -> Any:
    must_edit(request)
    return Status(201, row(services.keep(asker=request.asker, **body.dict())))


@router.put("/secrets/{uuid:secret_id}")
def replace_secret(request: HttpRequest, secret_id: uuid.UUID, body: SecretValue) -> dict[str, Any]:
    """Another value; flows use it from their next request on."""
    secret = find(request, secret_id)
    must_edit(request)
    services.replace(asker=request.asker, secret=secret, **body.dict())
    return row(secret)


@router.delete("/secrets/{uuid:secret_id}", response={204: None})
def delete_secret(request: HttpRequest, secret_id: uuid.UUID) -> Any:
    secret = find(request, secret_id)
    must_edit(request)
    services.delete(asker=request.asker, secret=secret)
    return Status(204, None)


def row(secret: Secret) -> dict[str, Any]:
    return {
        "id": str(secret.pk),
        "name": secret.name,
        "hosts": secret.hosts,
        "created_at": secret.created_at,
        "changed_at": secret.changed_at,
        "used_at": secret.used_at,
    }


def find(request: HttpRequest, secret_id: uuid.UUID) -> Secret:
    found: Secret = get_object_or_404(Secret.objects.visible_to(request.asker), pk=secret_id)
    return found
