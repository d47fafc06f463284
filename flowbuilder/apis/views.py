"""The pages of API descriptions: all of them; one with its operations; one operation with a mock answer."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.apis import mocking, services
from flowbuilder.apis.fields import rows_of, type_of
from flowbuilder.apis.forms import ImportForm, PreviewForm
from flowbuilder.apis.models import ApiDescription, Operation
from flowbuilder.fragments import is_partial

must_edit = page_must(
    edits, gettext_noop("Your role may not change API descriptions; ask an editor of the workspace.")
)

REVISIONS = 10
LONGEST_SEARCH = 200


@login_required
@require_http_methods(["GET", "POST"])
def description_list(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST":
        must_edit(request)
        if description := form.create(request.asker):
            return redirect("apis:description", description.pk)
    page = {"descriptions": ApiDescription.objects.visible_to(request.asker).with_counts(), "form": form}
    return render(request, "apis/list.html", page, status=422 if form.errors else 200)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def description_detail(request: HttpRequest, description_id: uuid.UUID) -> HttpResponse:
    """A description; to htmx the operations that a search leaves."""
    page = contents(find(request, description_id), request.GET.get("q", "").strip()[:LONGEST_SEARCH])
    return render(request, "apis/operations.html" if is_partial(request) else "apis/description.html", page)


@login_required
@require_POST
def import_again(request: HttpRequest, description_id: uuid.UUID) -> HttpResponse:
    description = find(request, description_id)
    must_edit(request)
    form = ImportForm(request.POST, request.FILES)
    if revision := form.create_revision(request.asker, description):
        messages.success(request, _("Revision %(number)s is imported.") % {"number": revision.number})
        return redirect("apis:description", description.pk)
    return render(request, "apis/description.html", {**contents(description), "form": form}, status=422)


@login_required
@require_POST
def delete_description(request: HttpRequest, description_id: uuid.UUID) -> HttpResponse:
    description = find(request, description_id)
    must_edit(request)
    services.delete_description(asker=request.asker, description=description)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": description.name})
    return HttpResponseClientRedirect(reverse("apis:list")) if request.htmx else redirect("apis:list")


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def operation_detail(request: HttpRequest, operation_id: uuid.UUID) -> HttpResponse:
    """An operation; to htmx its mock answer alone."""
    there = Operation.objects.visible_to(request.asker).select_related("description")
    operation = get_object_or_404(there.defer("description__document"), pk=operation_id)
    statuses = [status for status in operation.responses if status.isdecimal()]
    page = {"operation": operation, "statuses": statuses, **answered(operation, request)}
    if is_partial(request):
        return render(request, "apis/answer.html", page)
    page["parameters"] = [
        {**each, "type": type_of(each["schema"], each["schema"])} for each in operation.parameters
    ]
    page["request_rows"] = rows_of(operation.request)
    page["answers"] = [
        {
            "status": status,
            **told,
            "rows": rows_of(told["schema"]),
            "type": type_of(told["schema"], told["schema"] or {}),
        }
        for status, told in operation.responses.items()
    ]
    page["address"] = request.build_absolute_uri(f"/api/apis/{operation.description_id}/mock{operation.path}")
    return render(request, "apis/operation.html", page)


def answered(operation: Operation, request: HttpRequest) -> dict[str, Any]:
    form = PreviewForm(request.GET)
    if not form.is_valid():
        return {
            "refused": _("A status has three digits, and a seed is a whole number."),
            "status": "",
            "seed": "",
        }
    status = form.cleaned_data["status"]
    try:
        made = mocking.preview(operation, status, form.cleaned_data["seed"])
    except ApiError as refused:
        return {"refused": refused.message, "status": status, "seed": form.cleaned_data["seed"] or ""}
    shown = json.dumps(made.body, ensure_ascii=False, indent=2) if made.has_body else ""
    return {"made": made, "shown": shown, "status": status, "seed": made.seed}


def contents(description: ApiDescription, words: str = "") -> dict[str, Any]:
    return {
        "description": description,
        "operations": description.operations.light().matching(words),
        "total": description.operations.count(),
        "words": words,
        "revisions": description.revisions.all()[:REVISIONS],
        "form": ImportForm(),
    }


def find(request: HttpRequest, description_id: uuid.UUID) -> ApiDescription:
    found: ApiDescription = get_object_or_404(
        ApiDescription.objects.visible_to(request.asker), pk=description_id
    )
    return found
