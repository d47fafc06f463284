from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from flowbuilder.accounts.first_visit import close_setup, is_setup_token
from flowbuilder.accounts.forms import SetupForm
from flowbuilder.accounts.services import create_owner

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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
        return redirect("/")
    return render(request, "account/setup.html", {"form": form})
