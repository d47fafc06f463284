"""The way to an account of another system."""

import logging

import requests
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

log = logging.getLogger(__name__)


def openid_connect(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """As allauth does it, but for a provider that does not answer: where to send people is asked of it first."""
    try:
        return views.login(request, provider_id)
    except (requests.RequestException, KeyError) as error:
        log.warning("the identity provider '%s' cannot be asked: %s", provider_id, error)
        return render(request, "socialaccount/authentication_error.html", status=502)
