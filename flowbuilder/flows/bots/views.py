"""The page of a new bot."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from flowbuilder.flows.bots.forms import NewBotForm, choices
from flowbuilder.fragments import is_partial


@login_required
@require_http_methods(["GET", "POST"])
def new_bot(request: HttpRequest) -> HttpResponse:
    """GET shows the form, or while one types what was understood so far; POST makes the bot and opens its flow."""
    if request.method == "POST":
        if not request.asker or not request.asker.can_edit:
            raise PermissionDenied
        form = NewBotForm(request.POST)
        if bot := form.create(request.asker):
            return redirect("flows:editor", bot.flow.pk)
    else:
        form = NewBotForm(request.GET if "description" in request.GET else None)
    page = {"form": form, "understood": form.understood, **choices(request.asker)}
    if is_partial(request):
        return render(request, "flows/understood.html", page)
    return render(
        request, "flows/new_bot.html", page, status=422 if form.is_bound and request.method == "POST" else 200
    )
