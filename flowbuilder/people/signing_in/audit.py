"""Signing in and what guards it, in the log of every workspace that the person belongs to."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import Asker, Membership, User


def connect() -> None:
    account.user_logged_in.connect(signed_in, dispatch_uid="audit")
    user_login_failed.connect(refused, dispatch_uid="audit")
    user_logged_out.connect(signed_out, dispatch_uid="audit")
    for signal in (account.password_changed, account.password_reset, account.password_set):
        signal.connect(password_changed, dispatch_uid="audit")
    for signal, what in (
        (second_factor.authenticator_added, "added"),
        (second_factor.authenticator_removed, "removed"),
        (second_factor.authenticator_reset, "renewed"),
    ):
        signal.connect(SecondFactorChanged(what), weak=False, dispatch_uid="audit")
    second_factor.authentication_failed.connect(code_refused, dispatch_uid="audit")


def tell(user: User, action: str, **details: Any) -> None:
    for one in Membership.objects.filter(user=user).select_related("workspace"):
        asker = Asker(user=user, workspace=one.workspace, role=one.role)
        record(asker=asker, action=action, subject=user.email, details=details)


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    used = [str(told.get("type") or told["method"]) for told in get_authentication_records(request, user)]
    tell(user, "sign_in.done", by=list(dict.fromkeys(used)), address=address_of(request))


def refused(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Of who is known; an address that nobody has is nobody's log."""
    user = User.objects.filter(email=str(credentials.get("email") or "").lower()).first()
    if user is not None:
        tell(user, "sign_in.refused", address=address_of(request))


def code_refused(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    tell(user, "sign_in.refused", by=authenticator.type, address=address_of(request))


def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        tell(user, "sign_in.ended", address=address_of(request))


def password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    tell(user, "password.changed", address=address_of(request))


class SecondFactorChanged:
    def __init__(self, what: str) -> None:
        self.what = what

    def __call__(self, user: User, authenticator: Authenticator, **_: Any) -> None:
        tell(user, f"second_factor.{self.what}", kind=authenticator.type)


def address_of(request: HttpRequest | None) -> str:
    try:
        return get_adapter(request).get_client_ip(request) if request else ""
    except (KeyError, PermissionDenied):
        return ""
