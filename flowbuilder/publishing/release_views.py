"""A flow's Publish page: what is live, what changed, the versions, the ways in."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows import publication, services
from flowbuilder.flows.difference import ABSENT, Difference
from flowbuilder.flows.models import Environment, Flow
from flowbuilder.fragments import is_partial
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing import samples
from flowbuilder.publishing.callbacks import views as callbacks
from flowbuilder.publishing.models import Doors, Sources
from flowbuilder.publishing.overrides import allowed_of, choices_of
from flowbuilder.publishing.release_forms import PARTS, first_error, typed
from flowbuilder.publishing.rights import find, must_edit
from flowbuilder.publishing.triggers import views as triggers

MOVES_SHOWN = 30


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """GET shows all of it; POST freezes the draft as the next version and makes that the live one."""
    flow = find(request, flow_id)
    if request.method == "GET":
        return render(request, "releases/page.html", contents(request, flow))
    must_edit(request)
    note = request.POST.get("note", "")[:200]
    try:
        version = services.publish_version(asker=request.asker, flow=flow, note=note)
    except ApiError as refused:
        page = {**contents(request, flow), "refused": refused.message, "note": note}
        return render(request, "releases/page.html", page, status=refused.status)
    publication.set_publication(asker=request.asker, flow=flow, number=version.number)
    return told(request, flow)


@login_required
@require_POST
def go_live(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """The version that is named, or none: then the flow is offline."""
    flow = find(request, flow_id)
    must_edit(request)
    wanted = request.POST.get("version", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    if number is not None and not flow.versions.filter(number=number).exists():
        return refused(request, flow, ApiError("not_found", _("There is no such version."), 404))
    publication.set_publication(asker=request.asker, flow=flow, number=number)
    return told(request, flow)


@login_required
@require_POST
def roll_back(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    flow = find(request, flow_id)
    must_edit(request)
    try:
        publication.roll_back(asker=request.asker, flow=flow)
    except ApiError as error:
        return refused(request, flow, error)
    return told(request, flow)


@login_required
@require_POST
def move_environments(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """A version onto staging, from there into production, or staging back to what it held."""
    flow = find(request, flow_id)
    must_edit(request)
    reason = request.POST.get("reason", "")[:500]
    said = {"asker": request.asker, "flow": flow, "reason": reason}
    try:
        match request.POST.get("move"):
            case "promote":
                publication.promote(**said)
                return told(request, flow)
            case "unstage":
                publication.roll_back(environment=Environment.STAGING, **said)
            case "empty":
                publication.set_publication(environment=Environment.STAGING, number=None, **said)
            case _:
                number = _number(request.POST.get("version", "")) or 0
                publication.set_publication(environment=Environment.STAGING, number=number, **said)
    except ApiError as error:
        return refused(request, flow, error)
    staged = publication.number_in(flow, Environment.STAGING)
    messages.success(
        request, _("Version %s is on staging.") % staged if staged else _("Nothing is on staging.")
    )
    return redirect("releases:release", flow.pk)


@login_required
@require_POST
def change_doors(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """The part of the form that was sent; to htmx the ways in alone."""
    flow = find(request, flow_id)
    must_edit(request)
    form = PARTS.get(request.POST.get("part", ""), PARTS["switch"])(request.POST)
    problem, status = "", 200
    if form.is_valid():
        try:
            ways_in.change(asker=request.asker, flow=flow, **form.changes())
        except ApiError as error:
            problem, status = error.message, error.status
    else:
        problem, status = first_error(form), 422
    if not problem and not is_partial(request):
        return redirect("releases:release", flow.pk)
    page = {**contents(request, flow), "problem": problem, "part": request.POST.get("part")}
    page["typed"] = typed(page["doors"], form if problem else None)
    template = "releases/doors.html" if is_partial(request) else "releases/page.html"
    return render(request, template, page, status=status)


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def difference(request: HttpRequest, flow_id: uuid.UUID) -> HttpResponse:
    """From version ``since`` to ``version``; without them from what is live, and to the draft."""
    flow = find(request, flow_id)
    since, version = (_number(request.GET.get(name, "")) for name in ("since", "version"))
    try:
        found = publication.changes(flow, since=since, version=version)
    except ApiError as error:
        return render(request, "404.html", {"exception": error.message}, status=404)
    page = {"flow": flow, "since": since, "version": version, "changes": shown(found)}
    return render(
        request, "releases/changes.html" if is_partial(request) else "releases/difference.html", page
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def told(request: HttpRequest, flow: Flow) -> HttpResponse:
    live = publication.live_number(flow)
    said = _("Version %s is live.") % live if live else _("The flow is offline: nobody outside can ask it.")
    messages.success(request, said)
    return redirect("releases:release", flow.pk)


def refused(request: HttpRequest, flow: Flow, error: ApiError) -> HttpResponse:
    page = {**contents(request, flow), "refused": error.message}
    return render(request, "releases/page.html", page, status=error.status)


def contents(request: HttpRequest, flow: Flow) -> dict[str, Any]:
    doors = Doors.of(flow)
    base = f"{request.scheme}://{request.get_host()}"
    versions = list(flow.versions.select_related("created_by"))
    return {
        "flow": flow,
        "live": flow.published_version,
        "since": flow.moves.filter(environment=Environment.PRODUCTION).first(),
        "staged": flow.staging_version,
        "staged_before": publication.previous(flow, Environment.STAGING),
        "moves": flow.moves.select_related("person")[:MOVES_SHOWN],
        "previous": publication.previous(flow),
        "versions": versions,
        "next_number": versions[0].number + 1 if versions else 1,
        "changes": shown(publication.changes(flow, since=None, version=None)),
        "doors": doors,
        "typed": typed(doors, None),
        "base": base,
        "ways": samples.ways(flow, base),
        "mcp_way": samples.mcp_way(flow, base),
        "embed_sample": samples.embed_sample(doors, base),
        "flowise_samples": samples.flowise_samples(flow, base),
        "leads_count": flow.leads.count(),
        "overridable": overridable(flow),
        "source_choices": Sources.choices,
        "can_edit": request.asker.can_edit,
        **triggers.shown(request, flow, base),
        **callbacks.shown(flow),
    }


def overridable(flow: Flow) -> list[dict[str, Any]]:
    """Settings by node, each with what it is sent as by the form."""
    allowed, by_node = allowed_of(flow), {}
    for choice in choices_of(flow):
        known = by_node.setdefault(choice.node, {"node": choice.node, "label": choice.label, "rows": []})
        ticked = (choice.node, choice.setting) in allowed
        sent = f"{choice.node}|{choice.setting}"
        known["rows"].append({"setting": choice.setting, "sent": sent, "allowed": ticked})
    return list(by_node.values())


def shown(found: Difference) -> dict[str, Any]:
    """The difference with its values as people read them."""
    changed = [
        {"node": node, "settings": [(s.name, text_of(s.before), text_of(s.after)) for s in node.settings]}
        for node in found.changed
    ]
    lists = {
        name: getattr(found, name)
        for name in ("added", "removed", "connected", "disconnected", "framed", "unframed")
    }
    count = sum(map(len, lists.values())) + sum(len(row["settings"]) for row in changed)
    return {**lists, "changed": changed, "count": count}


def text_of(value: Any) -> str:
    if value is ABSENT:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
