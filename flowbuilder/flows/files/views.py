"""The page on which flows go out as files; the form on it that takes files in belongs to imports."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@login_required
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    return render(request, "flows/files.html")
