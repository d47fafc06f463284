"""SAML 2.0, as its Web Browser SSO profile has it: asked for here, answered by a page of another origin.

No cookie of ours comes with what that page posts. allauth keeps it for a moment, and the GET that follows, which
brings the session that asked, reads it. An answer that this browser did not ask for, or that came before, is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.saml import views
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from lxml import etree

LARGEST = 256 * 1024
"""Bytes of an answer: whoever sends one is nobody yet, and it is kept before anything of it is checked."""
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
PLAIN = etree.XMLParser(resolve_entities=False, no_network=True)
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


class AskedFor(SAMLProvider):
    """An assertion answers one request of one browser (SAML 2.0 profiles, 4.1.4.3), and says so in what is signed.

    What the message around it says counts for nothing: whoever saw an assertion could put it into one of their own.
    """

    answers = ""

    def sociallogin_from_response(self, request: HttpRequest, auth: Any) -> SocialLogin:
        confirmed = etree.fromstring(auth.get_last_response_xml().encode(), PLAIN).find(
            f".//{SAML}SubjectConfirmationData"
        )
        self.answers = "" if confirmed is None else confirmed.get("InResponseTo", "")
        return super().sociallogin_from_response(request, auth)

    def unstash_redirect_state(self, request: HttpRequest, state_id: str) -> dict[str, Any]:
        """What was kept when this browser asked; it is taken out, so that nothing is answered twice."""
        if state_id != self.answers:
            raise PermissionDenied
        return super().unstash_redirect_state(request, state_id)

    def extract_uid(self, data: Any) -> str:
        """By whom they are known again. A name for one visit knows nobody: then their address does."""
        found = super().extract_uid(data)
        passing = data.get_nameid_format() == TRANSIENT and found == data.get_nameid()
        return (self.extract_common_fields(data).get("email") if passing else None) or found


class Finish(views.FinishACSView):
    def get_provider(self, organization_slug: str) -> AskedFor:
        return AskedFor(self.request, app=self.get_app(organization_slug))


View = Callable[..., HttpResponseBase]


def by_host(view: View) -> View:
    """Addresses of this side are told by the host that was asked, which allauth reads unchecked from its header."""

    @wraps(view)
    def asked(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
        request.META["HTTP_HOST"] = request.get_host()
        return view(request, organization_slug=organization_slug)

    return asked


sign_in = require_http_methods(["GET", "HEAD", "POST"])(by_host(views.login))
metadata = require_safe(by_host(views.metadata))


@csrf_exempt
@require_POST
@by_host
def answer(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    views.get_app_or_404(request, organization_slug)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST or not request.POST.get("SAMLResponse"):
        return refusal(request, _("What it sent is no answer."), 400)
    return views.acs(request, organization_slug)


@require_safe
def finish(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    try:
        return Finish.as_view()(request, organization_slug=organization_slug)
    except PermissionDenied:
        return refusal(request, not_asked_for())


@require_safe
@by_host
def sign_out(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """The other system says that a person signs out. Unsigned, any page could say so, and sign people out."""
    views.get_app_or_404(request, organization_slug)
    done = views.sls(request, organization_slug) if request.GET.get("Signature") else HttpResponse(status=400)
    if done.status_code != 400:
        return done
    told = _("You are still signed in here: the other system's message is not signed as it should be.")
    return refusal(request, told, 400)


def refusal(request: HttpRequest, why: str, status: int = 401) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", {"why": why}, status=status)


def not_asked_for() -> str:
    return _("Its answer was not asked for from this browser, or was used before. Begin again from here.")


def why(reason: str) -> str:
    """In words, what python3-saml found wrong with an answer."""
    return next(
        (told() for part, told in REASONS.items() if part in reason.lower()), _("Its answer is not valid.")
    )


REASONS: dict[str, Callable[[], str]] = {
    "signature": lambda: _(
        "Its answer does not bear the signature of the system that is set up here. "
        "Tell your administrator: its certificate may have changed."
    ),
    "not signed": lambda: _(
        "Its answer is not signed in whole. Tell your administrator: the other system has to sign assertions."
    ),
    "audience": lambda: _("Its answer is meant for another application. Tell your administrator."),
    "invalid issuer": lambda: _(
        "Its answer comes from another system than the one that is set up here. Tell your administrator."
    ),
    "instead of": lambda: _("Its answer was sent to another address than this one. Tell your administrator."),
    "expired": lambda: _("Its answer is too old, or the clocks of the two systems differ. Try again."),
    "timestamp": lambda: _("Its answer is too old, or the clocks of the two systems differ. Try again."),
    "subjectconfirmation": lambda: _(
        "Its answer is too old, or was meant for something else that was asked. Begin again from here."
    ),
    "not success": lambda: _("The other system says that it did not sign you in."),
}
"""By a part of the library's sentence: it tells no code."""
