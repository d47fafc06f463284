"""The language of letters: the one in which their reader signed in or chose to read last."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.conf import settings
from django.utils.translation import get_language

from flowbuilder.accounts.models import User


def connect() -> None:
    user_logged_in.connect(signed_in, dispatch_uid="language")


def signed_in(user: User, **_: Any) -> None:
    remember(user, get_language())


def remember(user: User, language: str | None) -> None:
    if language in dict(settings.LANGUAGES) and language != user.language:
        User.objects.filter(pk=user.pk).update(language=language)


def of(address: str) -> str | None:
    """Of whoever signs in with it; of anybody else, and before that, it is the sender's."""
    known = User.objects.filter(email=address.lower()).values_list("language", flat=True).first()
    return known or get_language()
