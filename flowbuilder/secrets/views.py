"""The page of secrets: what there is by name, and forms that take a value and never show one."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.secrets import services
from flowbuilder.secrets.api import find, must_edit
from flowbuilder.secrets.forms import NewSecretForm, ValueForm
from flowbuilder.secrets.models import Secret


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def secret_list(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return answer(request, NewSecretForm())
    must_edit(request)
    form = NewSecretForm(request.POST)
    return redirect("secrets:list") if form.keep(request.asker) else answer(request, form, status=422)


@login_required
@require_POST
def replace(request: HttpRequest, secret_id: uuid.UUID) -> HttpResponse:
    secret = find(request, secret_id)
    must_edit(request)
    form = ValueForm(request.POST)
    if form.replace(request.asker, secret):
        return redirect("secrets:list")
    return answer(request, NewSecretForm(), status=422, replaced=secret, replacing=form)


@login_required
@require_POST
def delete(request: HttpRequest, secret_id: uuid.UUID) -> HttpResponse:
    secret = find(request, secret_id)
    must_edit(request)
    services.delete(asker=request.asker, secret=secret)
    return redirect("secrets:list")


def answer(
    request: HttpRequest,
    form: NewSecretForm,
    status: int = 200,
    replaced: Secret | None = None,
    replacing: ValueForm | None = None,
) -> HttpResponse:
    secrets = Secret.objects.visible_to(request.asker).select_related("changed_by")
    page = {"secrets": secrets, "form": form, "replaced": replaced, "replacing": replacing}
    return render(request, "secrets/page.html", page, status=status)
