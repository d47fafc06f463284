"""Where an invitation's link leads: who knows the installation signs in, who does not makes an account."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import User
from flowbuilder.people import joining, workspaces
from flowbuilder.people.forms import NewAccountForm
from flowbuilder.people.signing_in import sessions
from flowbuilder.people.views.arriving import count_try, made_anew, over


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = joining.find(token)
    try:
        count_try(request)
        if invitation is None:
            raise joining.gone()
        if request.method == "POST":
            return enter(request, token, invitation.email)
    except ApiError as error:
        return over(request, error)
    initial = {"email": invitation.email} if invitation.email else {}
    return page(request, token, NewAccountForm(initial=initial))


def enter(request: HttpRequest, token: str, email: str) -> HttpResponse:
    """An e-mail's invitation is for its address, whatever the form says."""
    if request.user.is_authenticated:
        # Not the lazy object of the request.
        member = joining.accept(token=token, user=User.objects.get(pk=request.user.pk))
    else:
        form = NewAccountForm({**request.POST.dict(), **({"email": email} if email else {})})
        told = _("An account cannot be made with this address. If it is yours, sign in to join.")
        member = made_anew(form, partial(joining.join_anew, token=token), told)
        if member is None:
            return page(request, token, form, status=422)
        sessions.begin(request, member.user)
    workspaces.choose(request.session, member.workspace)
    return redirect("/")


def page(request: HttpRequest, token: str, form: NewAccountForm, status: int = 200) -> HttpResponse:
    about = {"invitation": joining.find(token), "form": form, "known": request.user.is_authenticated}
    return render(request, "people/join.html", about, status=status)
