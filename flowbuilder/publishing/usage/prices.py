"""What models cost: looked up, and set by the workspace's admins."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.publishing.usage.models import Bookkeeping, Price

CURRENCY = re.compile(r"[A-Z]{3}")
MOST_DAYS = 3650


@dataclass(frozen=True)
class Prices:
    """Of one workspace."""

    by_model: dict[str, Price]

    @classmethod
    def of(cls, workspace_id: uuid.UUID) -> Prices:
        return cls({price.model: price for price in Price.objects.filter(workspace=workspace_id)})

    def of_model(self, model: str) -> Price | None:
        """The version's own, else the model's."""
        return self.by_model.get(model) or self.by_model.get(model.partition("@")[0])

    def cost(self, model: str, read: int, written: int, seconds: float) -> Decimal:
        price = self.of_model(model)
        if price is None:
            return Decimal(0)
        tokens = (price.input_price * read + price.output_price * written) / 1000
        return round(tokens + price.second_price * Decimal(str(seconds)), 8)


def set_price(
    *,
    asker: Asker,
    model: str,
    input_price: Decimal = Decimal(0),
    output_price: Decimal = Decimal(0),
    second_price: Decimal = Decimal(0),
) -> Price:
    """It holds for runs that end from now on."""
    named = model.strip()
    if not named or len(named) > 200:
        raise ApiError("invalid", "'model' names a model as runs do: starter, starter@1.", 422)
    values = {"input_price": input_price, "output_price": output_price, "second_price": second_price}
    for name, value in values.items():
        if not 0 <= value < 10**9:
            raise ApiError("invalid", f"'{name}' is a price from 0 up; {value} is none.", 422)
    with transaction.atomic():
        price, _ = Price.objects.update_or_create(workspace=asker.workspace, model=named, defaults=values)
        details = {name: str(value) for name, value in values.items()}
        record(asker=asker, action="price.set", subject=named, details=details)
    return price


def remove_price(*, asker: Asker, price: Price) -> None:
    with transaction.atomic():
        record(asker=asker, action="price.removed", subject=price.model, details={})
        price.delete()


def keep_books(*, asker: Asker, **changes: Any) -> Bookkeeping:
    """Set the currency, and for how many days runs are kept; what is left out stays."""
    currency, days = changes.get("currency"), changes.get("keep_days")
    if currency is not None and not CURRENCY.fullmatch(currency):
        raise ApiError("invalid", f"'{currency[:10]}' is no currency; write it like USD or EUR.", 422)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise ApiError("invalid", f"'keep_days' is 1 to {MOST_DAYS}, or null to keep runs for ever.", 422)
    with transaction.atomic():
        books = Bookkeeping.of(asker)
        for name, value in changes.items():
            setattr(books, name, value)
        books.save()
        record(asker=asker, action="bookkeeping.changed", subject=asker.workspace.name, details=changes)
    return books
