"""The secret part of a webhook's address: made from the installation's key, so that no row holds it."""

from __future__ import annotations

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

from flowbuilder.publishing.models import Webhook

SALT = "flowbuilder.publishing.triggers.tokens"


def token_of(hook: Webhook) -> str:
    """256 bits that say nothing to whoever reads the database."""
    digest = salted_hmac(SALT, f"{hook.pk.hex}:{hook.generation}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def admits(hook: Webhook, token: str) -> bool:
    return constant_time_compare(token_of(hook), token)


def path_of(hook: Webhook) -> str:
    return f"/api/hooks/{hook.pk}/{token_of(hook)}"
