"""The public page of a flow, and the same page in the frame of a widget."""

from __future__ import annotations

import re
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from flowbuilder.feedback.services import reasons
from flowbuilder.publishing.doors import frame_ancestors
from flowbuilder.publishing.filling_in import form_of
from flowbuilder.publishing.models import Doors, Via
from flowbuilder.publishing.visitors import new_pass, open_at

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
THEMES = {"light": "paper", "dark": "night"}
LONGEST_SITE = 200
LONGEST_GREETING = 300


@never_cache
@require_GET
def page(request: HttpRequest, address: str) -> HttpResponse:
    doors = must_be_open(address, Via.PAGE)
    return shown(request, doors, {"via": Via.PAGE, "pass": new_pass(doors, Via.PAGE)})


@never_cache
@require_GET
@xframe_options_exempt
def frame(request: HttpRequest, address: str) -> HttpResponse:
    """Looks as the widget's data attributes ask. Which sites may show it stands in the answer's CSP, for the browser."""
    doors = must_be_open(address, Via.EMBED)
    asked = {
        name: value for name in ("colour", "ink") if COLOUR.fullmatch(value := request.GET.get(name, ""))
    }
    site = request.GET.get("site", "")[:LONGEST_SITE]
    look = {
        **asked,
        "via": Via.EMBED,
        "pass": new_pass(doors, Via.EMBED, site),
        "theme": THEMES.get(request.GET.get("theme", "")),
        "title": request.GET.get("title", "")[:100],
        "greeting": request.GET.get("greeting", "")[:LONGEST_GREETING],
        "popup": request.GET.get("mode") == "popup",
    }
    answering = csp_replace({"frame-ancestors": frame_ancestors(doors)})(shown)
    return answering(request, doors, look)


def must_be_open(address: str, via: str) -> Doors:
    doors = open_at(address)
    if doors is None or not doors.is_open(via):
        raise Http404(_("Nobody answers here: this page was closed, or it has moved."))
    return doors


def shown(request: HttpRequest, doors: Doors, look: dict[str, Any]) -> HttpResponse:
    """In the visitor's language, or the one that the page's link or the widget's ``data-language`` asks for."""
    with translation.override(language_of(request)):
        return rendered(request, doors, look)


def language_of(request: HttpRequest) -> str:
    wanted = request.GET.get("language", "").lower()
    known = {code.split("-")[0]: code for code, _name in settings.LANGUAGES}
    return known.get(wanted.split("-")[0]) or translation.get_language()


def rendered(request: HttpRequest, doors: Doors, look: dict[str, Any]) -> HttpResponse:
    page = {"doors": doors, "look": look, "reasons": reasons(), "form": form_of(doors)}
    answer = render(request, "chat/page.html", page)
    answer["X-Robots-Tag"] = "noindex"
    return answer
