"""The pages of flows: the list, the gallery, the editor."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from flowbuilder.accounts import audit
from flowbuilder.accounts.letting_in import let_in_or_sign_in
from flowbuilder.flows import services
from flowbuilder.flows.models import Flow, SavedTemplate
from flowbuilder.flows.starting_points import save_template, shown_points

unread_of: Callable[[Any, Iterable[Flow]], dict[uuid.UUID, int]] = lambda person, flows: {}  # noqa: E731
"""How many comments of others are new to somebody, by flow. Set by the comments app, which stands above this layer."""


@login_required
@require_GET
def flow_list(request: HttpRequest) -> HttpResponse:
    flows = Flow.objects.visible_to(request.asker).order_by("-updated_at")
    search = request.GET.get("q", "").strip()
    if search:
        flows = flows.filter(name__icontains=search)
    shown = list(flows.select_related("published_version")[:200])
    unread = unread_of(request.user, shown)
    for flow in shown:
        flow.unread = unread.get(flow.pk, 0)
    page = {"flows": shown, "search": search, "templates": shown_points(request.asker)}
    return render(request, "flows/list.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """GET shows the templates; POST makes a flow from one (or an empty one) and opens it; with words the editor drafts one."""
    if request.method == "GET":
        search = request.GET.get("q", "").strip()
        found = [each for each in shown_points(request.asker) if each.speaks_of(search)]
        return render(request, "flows/gallery.html", {"templates": found, "search": search})
    if not request.asker or not request.asker.can_edit:
        raise PermissionDenied
    chosen = request.POST.get("template") or None
    titles = {template.slug: template.title for template in shown_points(request.asker)}
    words = request.POST.get("words", "").strip()[:2000]
    name = request.POST.get("name", "").strip() or titles.get(chosen, words[:60] or _("Untitled flow"))
    flow = services.create_flow(asker=request.asker, name=name, template=chosen)
    editor = reverse("flows:editor", args=[flow.pk])
    return redirect(f"{editor}?{urlencode({'describe': words})}" if words else editor)


@let_in_or_sign_in
@require_GET
def editor(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = get_object_or_404(Flow.objects.visible_to(request.asker), pk=flow_id)
    return render(request, "flows/editor.html", {"flow": flow, "can_edit": request.asker.can_edit})


@login_required
@require_http_methods(["GET", "POST"])
def keep_as_template(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """GET shows the form; POST saves the draft as a template of the workspace."""
    flow = get_object_or_404(Flow.objects.visible_to(request.asker), pk=flow_id)
    if not request.asker.can_edit:
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "flows/keep_as_template.html", {"flow": flow})
    title = request.POST.get("title", "").strip()[:100] or flow.name
    description = request.POST.get("description", "").strip()[:300]
    save_template(asker=request.asker, flow=flow, title=title, description=description)
    return redirect("flows:gallery")


@login_required
@require_POST
def delete_template(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    saved = get_object_or_404(SavedTemplate.objects.visible_to(request.asker), pk=template_id)
    if not request.asker.can_edit:
        raise PermissionDenied
    audit.delete(asker=request.asker, thing=saved, kind="template")
    return redirect("flows:gallery")


@login_required
@require_POST
def delete(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = get_object_or_404(Flow.objects.visible_to(request.asker), pk=flow_id)
    if not request.asker.can_edit:
        raise PermissionDenied
    services.delete(asker=request.asker, flow=flow)
    return redirect("flows:list")
