"""The page of usage: figures, bars and tables of the runs that a filter picks, as CSV too; and what models cost."""

from __future__ import annotations

import csv
import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.accounts.rights import administers, page_must
from flowbuilder.flows.models import Environment
from flowbuilder.fragments import is_partial
from flowbuilder.modelhub.models import Model
from flowbuilder.publishing.usage import prices
from flowbuilder.publishing.usage.charts import chart
from flowbuilder.publishing.usage.forms import BooksForm, FilterForm, PriceForm
from flowbuilder.publishing.usage.models import Bookkeeping, Price
from flowbuilder.publishing.usage.reading import (
    WAYS,
    Names,
    Sums,
    Wanted,
    added,
    by_model,
    grouped,
    percentiles,
)
from flowbuilder.runs.models import Door

must_administer = page_must(
    administers,
    gettext_noop("Prices and how long runs are kept are set by the workspace's owner and admins."),
)

TITLES = {
    "day": gettext_lazy("By day"),
    "flow": gettext_lazy("By flow"),
    "version": gettext_lazy("By version"),
    "key": gettext_lazy("By key"),
    "person": gettext_lazy("By person"),
    "door": gettext_lazy("By way in"),
    "environment": gettext_lazy("By environment"),
    "model": gettext_lazy("By model"),
}
ROWS_SHOWN = 100


@login_required
@require_GET
@vary_on_headers("HX-Request-Type")
def page(request: HttpRequest) -> HttpResponse:
    """To htmx the part that the filter decides."""
    template = "usage/figures.html" if is_partial(request) else "usage/page.html"
    return render(request, template, contents(request))


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """One of the tables, whole."""
    way = way_of(request)
    wanted = FilterForm(request.asker, request.GET).wanted()
    names = Names.of(request.asker)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="usage-by-{way}.csv"'
    out = csv.writer(answer)
    out.writerow([way, *Sums().row(), "currency"])
    currency = Bookkeeping.of(request.asker).currency
    for group, sums in ordered(table_of(wanted, request.asker, way), way):
        out.writerow([safe(called(names, way, group)), *sums.row().values(), currency])
    return answer


def safe(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def contents(request: HttpRequest) -> dict[str, Any]:
    form = FilterForm(request.asker, request.GET)
    wanted, way = form.wanted(), way_of(request)
    rows, names = wanted.rows(request.asker), Names.of(request.asker)
    days = grouped(rows, "day")
    table = days if way == "day" else table_of(wanted, request.asker, way)
    middle, slow = percentiles(rows, "total_ms", (0.5, 0.95))
    books = Bookkeeping.of(request.asker)
    first, last = wanted.first, wanted.last
    charts = [
        chart(_("Runs"), {day: each.runs for day, each in days.items()}, first, last),
        chart(_("Tokens"), {d: e.tokens_in + e.tokens_out for d, e in days.items()}, first, last),
        chart(_("Cost"), {d: float(e.cost) for d, e in days.items()}, first, last, f" {books.currency}"),
        chart(_("Average time"), {d: (e.latency or 0) / 1000 for d, e in days.items()}, first, last, " s"),
    ]
    return {
        "form": form,
        "wanted": wanted,
        "totals": added(days),
        "middle": seconds(middle),
        "slow": seconds(slow),
        "charts": charts,
        "way": way,
        "ways": TITLES.items(),
        "groups": [
            (called(names, way, g), s, seconds(s.latency), seconds(s.first_token))
            for g, s in ordered(table, way)[:ROWS_SHOWN]
        ],
        "more": max(0, len(table) - ROWS_SHOWN),
        "books": books,
    }


def table_of(wanted: Wanted, asker: Asker | None, way: str) -> dict[Any, Sums]:
    return by_model(wanted.uses(asker)) if way == "model" else grouped(wanted.rows(asker), way)


def ordered(table: dict[Any, Sums], way: str) -> list[tuple[Any, Sums]]:
    """Days from the newest, everything else from what was used most."""
    if way == "day":
        return sorted(table.items(), reverse=True)
    return sorted(table.items(), key=lambda row: (row[1].cost, row[1].runs), reverse=True)


def called(names: Names, way: str, group: Any) -> str:
    labels = {"door": dict(Door.choices), "environment": dict(Environment.choices)}
    if way in labels:
        return str(labels[way].get(group, group))
    return names.of_group(way, group) or _("none")


def seconds(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds / 1000:,.2f} s"


def way_of(request: HttpRequest) -> str:
    way = request.GET.get("by", "day")
    return way if way in WAYS else "day"


@login_required
@require_http_methods(["GET", "POST"])
def price_list(request: HttpRequest) -> HttpResponse:
    """GET shows what models cost; POST sets one price."""
    form = PriceForm(request.POST if request.method == "POST" else None)
    problem = ""
    if request.method == "POST":
        must_administer(request)
        if form.is_valid():
            said = {name: value or Decimal(0) for name, value in form.cleaned_data.items() if name != "model"}
            try:
                prices.set_price(asker=request.asker, model=form.cleaned_data["model"], **said)
                return redirect("usage:prices")
            except ApiError as refused:
                problem = refused.message
    books = Bookkeeping.of(request.asker)
    page = {
        "form": form,
        "problem": problem,
        "prices": Price.objects.visible_to(request.asker),
        "models": Model.objects.visible_to(request.asker).values_list("name", flat=True),
        "books": books,
        "can_administer": bool(request.asker and request.asker.can_administer),
    }
    return render(request, "usage/prices.html", page, status=422 if form.errors or problem else 200)


@login_required
@require_POST
def remove_price(request: HttpRequest, price_id: uuid.UUID) -> HttpResponse:
    price = get_object_or_404(Price.objects.visible_to(request.asker), pk=price_id)
    must_administer(request)
    prices.remove_price(asker=request.asker, price=price)
    return redirect("usage:prices")


@login_required
@require_POST
def keep_books(request: HttpRequest) -> HttpResponse:
    """The currency, and how long runs are kept."""
    must_administer(request)
    form = BooksForm(request.POST)
    try:
        if not form.is_valid():
            raise ApiError("invalid", next(iter(form.errors.values()))[0], 422)
        said = {**form.cleaned_data, "currency": form.cleaned_data["currency"].upper()}
        prices.keep_books(asker=request.asker, **said)
        messages.success(request, _("Saved."))
    except ApiError as refused:
        messages.error(request, refused.message)
    return redirect("usage:prices")
