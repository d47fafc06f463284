from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.audit_export import export
from flowbuilder.accounts.first_visit import close_setup, is_setup_token
from flowbuilder.accounts.forms import AuditFilterForm, SetupForm
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.accounts.rights import administers, page_must
from flowbuilder.accounts.services import create_owner
from flowbuilder.fragments import is_partial

must_read = page_must(administers, gettext_noop("The audit log is read by the workspace's owner and admins."))

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVENTS_A_PAGE = 50


@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The first visit: makes the owner and the workspace, signs them in, and closes itself."""
    if not is_setup_token(token):
        raise Http404
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not close_setup():
            raise Http404
        asker = create_owner(**form.cleaned_data)
        login(request, asker.user, backend=BACKEND)
        UserSession.objects.create_from_request(request)
        return redirect("/")
    return render(request, "account/setup.html", {"form": form})


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def audit_log(request: HttpRequest) -> HttpResponse:
    """What was done in the workspace; to htmx the part that the filter decides."""
    must_read(request)
    return render(request, "audit/events.html" if is_partial(request) else "audit/page.html", events(request))


@login_required
@require_POST
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """What the page's filter shows, as a file."""
    must_read(request)
    form = AuditFilterForm(AuditEvent.objects.visible_to(request.asker), request.POST)
    form.is_valid()
    file = "csv" if request.POST.get("file") == "csv" else "jsonl"
    return export(asker=request.asker, file=file, **form.cleaned_data)


def events(request: HttpRequest) -> dict[str, Any]:
    every = AuditEvent.objects.visible_to(request.asker)
    form = AuditFilterForm(every, request.GET)
    found = form.narrow(every).select_related("key")
    page = Paginator(found, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    return {"form": form, "events": page, "anything": every.exists()}
