"""What the links of invitations and the letters of shares have in common: tries are counted, an account is made on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from flowbuilder.accounts.errors import ApiError
from flowbuilder.people import joining, throttle
from flowbuilder.people.forms import NewAccountForm


def count_try(request: HttpRequest) -> None:
    """``ApiError`` 429 after too many."""
    if request.method == "POST":
        throttle.count_try(get_adapter().get_client_ip(request))


def made_anew(form: NewAccountForm, make: Callable[..., Any], taken: str) -> Any:
    """What ``make`` gives for the account that the form describes. None where there is none; the form then says why,
    ``taken`` where its address is another one's."""
    if not form.is_valid():
        return None
    try:
        return make(**form.cleaned_data)
    except joining.AddressTaken:
        form.add_error(None, taken)
        return None


def over(request: HttpRequest, error: ApiError) -> HttpResponse:
    answer = render(request, "people/over.html", {"why": error.message}, status=error.status)
    for name, value in error.headers.items():
        answer[name] = value
    return answer
