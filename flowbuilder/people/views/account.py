"""The page of one's own account: name, e-mail, password, second factor, passkeys, sessions, language."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from flowbuilder.accounts.models import User
from flowbuilder.people import languages
from flowbuilder.people.forms import EmailForm, ProfileForm
from flowbuilder.people.signing_in import sessions
from flowbuilder.people.signing_in.audit import tell
from flowbuilder.people.signing_in.single_sign_on import ways


@login_required
@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    factors = Authenticator.objects.filter(user=user)
    page = {
        "person": user,
        "totp": factors.filter(type=Authenticator.Type.TOTP).first(),
        "recovery": factors.filter(type=Authenticator.Type.RECOVERY_CODES).first(),
        "passkeys": factors.filter(type=Authenticator.Type.WEBAUTHN),
        "sessions": sessions.of(user, request.session.session_key),
        "ways": ways(request),
    }
    return render(request, "people/account.html", page)


@login_required
@require_POST
def rename(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if form.is_valid():
        User.objects.filter(pk=request.user.pk).update(name=form.cleaned_data["name"])
    else:
        messages.error(request, _("A name has 1 to 100 characters."))
    return redirect("people:account")


@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    """Only soon after signing in or a password: whoever finds a page open takes no account over."""
    user = User.objects.get(pk=request.user.pk)
    form = EmailForm(request.POST or None, initial={"email": user.email})
    if request.method == "POST" and form.is_valid():
        before, user.email = user.email, form.cleaned_data["email"].lower()
        try:
            with transaction.atomic():
                user.save(update_fields=["email"])
                user.emailaddress_set.all().delete()
                tell(user, "email.changed", before=before)
            return redirect("people:account")
        except IntegrityError:
            form.add_error("email", _("This address cannot be used here."))
    return render(request, "people/email.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Kept in the browser by Django; and with the account, for the letters that go there."""
    if request.user.is_authenticated:
        languages.remember(request.user, request.POST.get("language"))
    return set_language(request)


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    if not sessions.end(user, session_id):
        raise Http404
    tell(user, "session.ended")
    return redirect("people:account")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    sessions.end_others(user, request.session.session_key)
    tell(user, "session.ended", which="all others")
    return redirect("people:account")
