"""Where the letter of a share leads: who has an account opens it there, who has none makes one and has that alone."""

from __future__ import annotations

from functools import partial

from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import User
from flowbuilder.people import joining
from flowbuilder.people.forms import NewAccountForm
from flowbuilder.people.signing_in import sessions
from flowbuilder.people.views.arriving import count_try, made_anew, over
from flowbuilder.sharing import inviting
from flowbuilder.sharing.models import Share
from flowbuilder.sharing.things import address_of, found


@never_cache
@require_http_methods(["GET", "POST"])
def open_share(request: HttpRequest, token: str) -> HttpResponse:
    try:
        count_try(request)
        share = inviting.find(token)
        if share is None or found(share.what) is None:
            raise inviting.gone()
        if request.method == "POST":
            return enter(request, token, share)
    except ApiError as error:
        return over(request, error)
    return page(request, share, NewAccountForm(initial={"email": share.email}))


def enter(request: HttpRequest, token: str, share: Share) -> HttpResponse:
    if request.user.is_authenticated:
        # Not the lazy object of the request.
        taken = inviting.take(token=token, user=User.objects.get(pk=request.user.pk))
    else:
        form = NewAccountForm({**request.POST.dict(), "email": share.email})
        told = _("An account cannot be made with this address. If it is yours, sign in to open it.")
        taken = made_anew(form, partial(joining.open_anew, token=token), told)
        if taken is None:
            return page(request, share, form, status=422)
        sessions.begin(request, User.objects.get(pk=taken.person_id))
    return redirect(address_of(taken.kind, taken.thing))


def page(request: HttpRequest, share: Share, form: NewAccountForm, status: int = 200) -> HttpResponse:
    form.fields["email"].widget = HiddenInput()  # it is for that address, whatever is typed
    about = {
        "share": share,
        "thing": found(share.what),
        "form": form,
        "known": request.user.is_authenticated,
    }
    return render(request, "people/open.html", about, status=status)
