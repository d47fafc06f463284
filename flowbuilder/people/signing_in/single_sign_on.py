"""Accounts of other systems: OpenID Connect and SAML, as the administrator set them up.

Whoever the other system vouches for comes in where they were invited by e-mail, or where their address is of a listed
domain, with its role. Nobody else does, and an address that the other system has not verified counts for nothing.
"""

from __future__ import annotations

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from flowbuilder import outbound_requests
from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import Asker, Membership, Role, User, Workspace
from flowbuilder.people import joining
from flowbuilder.people.models import Invitation
from flowbuilder.people.signing_in import saml


def ways(request: HttpRequest) -> list[Any]:
    """The providers that there are; none by default."""
    return SingleSignOnAdapter(request).list_providers(request) if settings.SOCIALACCOUNT_PROVIDERS else []


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> requests.Session:
        return outbound_requests.session()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not address_of(sociallogin):
            told = _("Your account there has no verified e-mail address.")
            raise ImmediateHttpResponse(render(request, "people/over.html", {"why": told}, status=403))
        if sociallogin.is_existing and not sociallogin.account.pk and not request.user.is_authenticated:
            # Found by the address alone. Whoever claimed it before keeps no way in, as allauth wipes the password.
            Authenticator.objects.filter(user=sociallogin.user).delete()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """An assertion that is refused says why; all else is told as before."""
        if extra_context is not None and (reason := extra_context.get("saml_last_error_reason")):
            extra_context["why"] = saml.why(str(reason))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(invited(address_of(sociallogin)) or domain_of(address_of(sociallogin)))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        whole = " ".join(str(data.get(part) or "") for part in ("first_name", "last_name")).strip()
        user.email, user.name = user.email.lower(), str(data.get("name") or whole)[:100]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Any:
        user = super().save_user(request, sociallogin, form)
        join(user)
        return user


def join(user: User) -> None:
    for invitation in invited(user.email):
        joining.accept_one(invitation, user)
    if (listed := domain_of(user.email)) and (workspace := named(listed["workspace"])):
        role = Role(listed.get("role", Role.VIEWER))
        _, made = Membership.objects.get_or_create(user=user, workspace=workspace, defaults={"role": role})
        if made:
            asker = Asker(user=user, workspace=workspace, role=role)
            details = {"role": role, "domain": user.email.partition("@")[2]}
            record(asker=asker, action="member.joined", subject=user.email, details=details)


def address_of(sociallogin: SocialLogin) -> str:
    found = [one.email.lower() for one in sociallogin.email_addresses if one.verified]
    return found[0] if found else ""


def invited(address: str) -> list[Invitation]:
    return list(Invitation.objects.live().filter(email=address)) if address else []


def domain_of(address: str) -> dict[str, str] | None:
    return settings.FLOWBUILDER_SSO_DOMAINS.get(address.partition("@")[2]) if address else None


def named(workspace: str) -> Workspace | None:
    """Where there are several of a name, none is meant."""
    found = list(Workspace.objects.filter(name=workspace, memberships__role=Role.OWNER).distinct()[:2])
    return found[0] if len(found) == 1 else None
