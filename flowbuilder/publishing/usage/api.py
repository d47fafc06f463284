"""Usage over HTTP: sums, single runs, what each node of a run cost, prices."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import administers, api_must
from flowbuilder.publishing.usage import prices
from flowbuilder.publishing.usage.models import Bookkeeping, Price, UsageRecord
from flowbuilder.publishing.usage.reading import Names, Wanted, added, by_model, grouped, percentiles
from flowbuilder.publishing.usage.recording import Told
from flowbuilder.runs.api import find as find_run

must_administer = api_must(administers, "This is for the workspace's owner and admins.")

router = Router(tags=["usage"])


class UsageFilter(Schema):
    since: date | None = None
    until: date | None = None
    flow: uuid.UUID | None = None
    key: uuid.UUID | None = None
    door: str = Field("", max_length=10)
    environment: str = Field("", max_length=10)
    model: str = Field("", max_length=200)

    def wanted(self) -> Wanted:
        wanted = Wanted(**self.dict())
        if wanted.first > wanted.last:
            raise ApiError("invalid", "'since' lies after 'until'.", 422)
        return wanted


class NewPrice(Schema):
    """In the workspace's currency; tokens are counted by the thousand."""

    input_price: Decimal = Decimal(0)
    output_price: Decimal = Decimal(0)
    second_price: Decimal = Decimal(0)


class Books(Schema):
    """What is left out stays."""

    currency: str = "USD"
    keep_days: int | None = None


@router.get("/usage")
def get_usage(
    request: HttpRequest,
    filters: Query[UsageFilter],
    by: Literal["day", "flow", "version", "key", "person", "door", "environment", "model"] = "day",
) -> dict[str, Any]:
    """Sums of the runs from `since` to `until` (the last 30 days), by one thing."""
    wanted = filters.wanted()
    rows, names = wanted.rows(request.asker), Names.of(request.asker)
    table = by_model(wanted.uses(request.asker)) if by == "model" else grouped(rows, by)
    totals = added(grouped(rows, "day") if by == "model" else table)
    middle, slow = percentiles(rows, "total_ms", (0.5, 0.95))
    return {
        "since": wanted.first,
        "until": wanted.last,
        "currency": currency_of(request),
        "totals": {**totals.row(), "latency_percentiles_ms": {"p50": middle, "p95": slow}},
        "rows": [
            {by: ids_of(by, group), "name": names.of_group(by, group), **sums.row()}
            for group, sums in table.items()
        ],
    }


def ids_of(by: str, group: Any) -> Any:
    if by == "version":
        return {"flow": group[0] and str(group[0]), "number": group[1]}
    return str(group) if isinstance(group, uuid.UUID) else group


@router.get("/usage/runs")
def list_runs(
    request: HttpRequest,
    filters: Query[UsageFilter],
    limit: int = Query(100, ge=1, le=1000),
    offset: int = Query(0, ge=0, le=10_000_000),
) -> dict[str, Any]:
    """Run by run, the newest first: who asked, by which door, what it took, used and cost."""
    rows = filters.wanted().rows(request.asker).order_by("-at", "-pk").prefetch_related("models")
    page = rows[offset : offset + limit]
    return {"currency": currency_of(request), "runs": [record_row(row) for row in page]}


@router.get("/runs/{uuid:run_id}/costs")
def run_costs(request: HttpRequest, run_id: uuid.UUID) -> dict[str, Any]:
    """What the run's nodes used so far and what that costs, at today's prices."""
    run = find_run(request, run_id)
    known = prices.Prices.of(run.workspace_id)
    nodes = {
        node: {
            "cost": str(
                sum((known.cost(m, u.read, u.written, u.seconds) for m, u in used.items()), Decimal(0))
            ),
            "models": [
                {
                    "model": m,
                    "tokens_in": u.read,
                    "tokens_out": u.written,
                    "priced": known.of_model(m) is not None,
                }
                for m, u in used.items()
            ],
        }
        for node, used in Told.of(run.pk).nodes.items()
    }
    return {"currency": currency_of(request), "nodes": nodes}


@router.get("/prices")
def list_prices(request: HttpRequest) -> list[dict[str, Any]]:
    """What models cost; one without a price costs nothing."""
    return [price_row(price) for price in Price.objects.visible_to(request.asker)]


@router.put("/prices/{model_name}")
def set_price(request: HttpRequest, model_name: str, body: NewPrice) -> dict[str, Any]:
    """It holds for runs that end from now on."""
    must_administer(request)
    return price_row(prices.set_price(asker=request.asker, model=model_name, **body.dict()))


@router.delete("/prices/{model_name}", response={204: None})
def remove_price(request: HttpRequest, model_name: str) -> Any:
    price = Price.objects.visible_to(request.asker).filter(model=model_name).first()
    if price is None:
        raise ApiError("not_found", "There is no price of that model.", 404)
    must_administer(request)
    prices.remove_price(asker=request.asker, price=price)
    return Status(204, None)


@router.get("/bookkeeping")
def get_books(request: HttpRequest) -> dict[str, Any]:
    """The currency, and for how many days runs are kept; null keeps them."""
    books = Bookkeeping.of(request.asker)
    return {"currency": books.currency, "keep_days": books.keep_days}


@router.patch("/bookkeeping")
def change_books(request: HttpRequest, body: Books) -> dict[str, Any]:
    must_administer(request)
    books = prices.keep_books(asker=request.asker, **body.dict(exclude_unset=True))
    return {"currency": books.currency, "keep_days": books.keep_days}


def currency_of(request: HttpRequest) -> str:
    return Bookkeeping.of(request.asker).currency


def price_row(price: Price) -> dict[str, Any]:
    return {
        "model": price.model,
        **{name: str(getattr(price, name)) for name in ("input_price", "output_price", "second_price")},
    }


def record_row(row: UsageRecord) -> dict[str, Any]:
    return {
        "run": str(row.pk),
        "at": row.at,
        "flow": str(row.flow_id) if row.flow_id else None,
        "version": row.version,
        "environment": row.environment,
        "door": row.door,
        "key": str(row.key_id) if row.key_id else None,
        "person": row.person_id,
        "visitor": row.visitor or None,
        "status": row.status,
        "queue_ms": row.queue_ms,
        "first_token_ms": row.first_token_ms,
        "total_ms": row.total_ms,
        "tokens_in": row.tokens_in,
        "tokens_out": row.tokens_out,
        "cost": str(row.cost),
        "models": [
            {
                "model": use.model,
                "tokens_in": use.tokens_in,
                "tokens_out": use.tokens_out,
                "cost": str(use.cost),
            }
            for use in row.models.all()
        ],
    }
