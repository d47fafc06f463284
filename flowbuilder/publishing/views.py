"""The page of API keys: made (and shown once), listed, revoked."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts.models import ApiKey
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.flows.models import Flow
from flowbuilder.publishing.forms import NewKeyForm
from flowbuilder.publishing.keys import revoke as revoke_key

must_manage = page_must(
    edits, gettext_noop("Your role may not manage API keys; ask an editor of the workspace.")
)


@dataclass(frozen=True)
class Issued:
    """A key at the one moment when its plaintext is known."""

    key: ApiKey
    secret: str
    published: Flow | None
    """A flow that the key may call as a model, for the example."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """GET lists; POST makes a key and shows it, this once."""
    if request.method == "GET":
        return answer(request, NewKeyForm(request.asker))
    must_manage(request)
    form = NewKeyForm(request.asker, request.POST)
    if not form.is_valid():
        return answer(request, form, status=422)
    key, secret = form.issue()
    callable_flows = Flow.objects.visible_to(key.asker()).exclude(published_version=None)
    issued = Issued(key, secret, callable_flows.order_by("-updated_at").first())
    return answer(request, NewKeyForm(request.asker), issued=issued)


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """Refused from the next call on; revoking twice changes nothing."""
    key = get_object_or_404(ApiKey.objects.visible_to(request.asker), pk=key_id)
    must_manage(request)
    revoke_key(asker=request.asker, key=key)
    if not request.htmx:
        return redirect("publishing:keys")
    row = {"key": key, "flow_name": flow_names(request).get(key.flow_id)}
    return render(request, "publishing/key_row.html", row)


def answer(
    request: HttpRequest, form: NewKeyForm, issued: Issued | None = None, status: int = 200
) -> HttpResponse:
    page = {"form": form, "issued": issued, "rows": rows(request)}
    template = "publishing/keys.html" if request.htmx else "publishing/page.html"
    return render(request, template, page, status=status)


def rows(request: HttpRequest) -> list[tuple[ApiKey, str | None]]:
    """Every key, revoked ones last, with the name of the flow it is limited to."""
    names = flow_names(request)
    found = ApiKey.objects.visible_to(request.asker).order_by("-created_at")
    return sorted(
        [(key, names.get(key.flow_id)) for key in found], key=lambda row: row[0].revoked_at is not None
    )


def flow_names(request: HttpRequest) -> dict[uuid.UUID | None, str]:
    return dict(Flow.objects.visible_to(request.asker).values_list("pk", "name"))
