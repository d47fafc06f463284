"""Who may what with one thing: a page of its own, and the same as a part that the editor's dialog shows."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import User
from flowbuilder.accounts.reach import Thing
from flowbuilder.fragments import is_partial
from flowbuilder.sharing import inviting, services
from flowbuilder.sharing.finding import find_share, find_thing, members_of, shares_of
from flowbuilder.sharing.forms import GroupForm, LinkChangeForm, LinkForm, PersonForm, RightForm
from flowbuilder.sharing.letters import letter
from flowbuilder.sharing.mine import look, shared_with
from flowbuilder.sharing.models import Right
from flowbuilder.sharing.offers import offers_to, written_by
from flowbuilder.sharing.things import address_of, found

mentions_of: Callable[[Any], Sequence[Any]] = lambda person: ()  # noqa: E731
"""Comments that call a person and were not read yet. Set by the comments app, which stands above this layer."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request-Type")
def shares(request: HttpRequest, kind: str, thing_id: uuid.UUID) -> HttpResponse:
    """GET shows who may what; POST shares it with a person, or makes a link."""
    thing, row = as_page(lambda: find_thing(request, kind, thing_id))
    if request.method == "GET":
        return answer(request, thing, row)
    if "email" in request.POST:
        person = PersonForm(request.POST)
        sent = person.give(request.asker, thing)
        if sent is None:
            return answer(request, thing, row, person=person, status=422)
        return answer(request, thing, row, invited=sent.share, letter=letter(request, sent))
    if "group" in request.POST:
        group = GroupForm(request.asker, request.POST)
        given = group.give(request.asker, thing)
        return answer(request, thing, row, group=group, status=200 if given else 422)
    form = LinkForm(request.POST)
    made = form.give(request.asker, thing)
    if made is None:
        return answer(request, thing, row, link=form, status=422)
    address = request.build_absolute_uri(reverse("sharing:link", args=[made.token]))
    return answer(request, thing, row, made=made.share, address=address)


@login_required
@require_POST
def change(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """Another right."""
    share = as_page(lambda: find_share(request, share_id))
    form = RightForm(request.POST)
    if form.is_valid():
        services.change(asker=request.asker, share=share, right=Right(form.cleaned_data["right"]))
    return answer(request, share.what, found(share.what))


@login_required
@require_POST
def change_link(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """When a link ends, and its password."""
    share = as_page(lambda: find_share(request, share_id))
    form = LinkChangeForm(request.POST)
    done = share.is_link and form.change(request.asker, share)
    more = {} if done else {"changed": share.pk, "changing": form}
    return answer(request, share.what, found(share.what), status=200 if done else 422, **more)


@login_required
@never_cache
@require_POST
def send_again(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    share = as_page(lambda: find_share(request, share_id))
    row = found(share.what)
    try:
        sent = inviting.renew(asker=request.asker, share=share)
    except ApiError as error:
        return answer(request, share.what, row, refused=error.message, status=error.status)
    return answer(request, share.what, row, invited=sent.share, letter=letter(request, sent))


@login_required
@require_POST
def end(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    share = as_page(lambda: find_share(request, share_id))
    services.end(asker=request.asker, share=share)
    return answer(request, share.what, found(share.what))


@login_required
@require_GET
def shared_with_me(request: HttpRequest) -> HttpResponse:
    page = {
        "things": shared_with(request.user),
        "mentions": mentions_of(request.user),
        "offers": offers_to(request.user),
        "workspaces": written_by(request.user),
    }
    return render(request, "sharing/mine.html", page)


@login_required
@never_cache
@require_GET
def news(request: HttpRequest) -> HttpResponse:
    """How much of it is new, as the badge in the navigation; empty where nothing is."""
    new = (
        len(mentions_of(request.user))
        + len(offers_to(request.user))
        + sum(item.new for item in shared_with(request.user))
    )
    return render(request, "sharing/news.html", {"new": new})


@login_required
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """The page was shown."""
    look(User.objects.get(pk=request.user.pk))
    return HttpResponse(status=204)


def answer(request: HttpRequest, thing: Thing, row: Any, status: int = 200, **more: Any) -> HttpResponse:
    page = {
        "kind": thing.kind,
        "thing": row,
        "back": address_of(thing.kind, thing.id),
        "members": members_of(request),
        "shares": shares_of(thing),
        "rights": Right.choices,
        "person": PersonForm(),
        "group": GroupForm(request.asker),
        "link": LinkForm(),
        **{name: value for name, value in more.items() if value is not None},
    }
    template = "sharing/shares.html" if is_partial(request) else "sharing/page.html"
    return render(request, template, page, status=status)


def as_page(find: Any) -> Any:
    """What a page answers where the endpoints say why not."""
    try:
        return find()
    except ApiError as error:
        if error.status == 404:
            raise Http404 from error
        raise PermissionDenied(error.message) from error
