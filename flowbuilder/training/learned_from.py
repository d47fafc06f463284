"""Rows that somebody brings to a new training: pasted, from a file, or what people said of a flow's answers."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from flowbuilder.accounts.models import Asker
from flowbuilder.feedback.exporting import FORMATS
from flowbuilder.feedback.models import Rating
from flowbuilder.flows.models import Flow
from flowbuilder.tables.reading import file_of, text_of, understood
from flowbuilder.training.order_data.judged import PracticeData
from flowbuilder.training.order_data.written import CorpusData, DemonstrationData, LabelledData, PairData
from flowbuilder.training.orders import Order
from nodes.base import NodeError
from nodes.training.pretrain import documents_of

SAID: dict[type, str] = {
    DemonstrationData: "completion",
    CorpusData: "completion",
    PairData: "preference",
    LabelledData: "label",
}
"""Which form of feedback each recipe's data takes."""


def of_file(order: Order, content: bytes, file: str) -> dict[str, Any]:
    """Rows of JSON lines, CSV or Parquet. ``ApiError`` names the first line that is no row for this."""

    def understand(row: Any) -> dict[str, Any]:
        if not isinstance(row, dict):
            raise ValueError(_("a row is an object such as {“prompt”: …}"))
        try:
            found = order.data.of_rows([row])
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"'{'.'.join(map(str, first['loc']))}': {first['msg']}") from error
        except KeyError as error:
            raise ValueError(f"{error} is missing") from error
        if not any(found.values()):
            raise ValueError(_("it holds none of what is needed: %(wanted)s") % {"wanted": order.data.wanted})
        return found

    return joined(understood(content, file, understand))


def of_upload(order: Order, name: str, content: bytes) -> dict[str, Any]:
    """A file by its name's ending; a plain text is something to read, and prompts one a line."""
    if name.lower().endswith(".txt") and order.data in {CorpusData, PracticeData}:
        return of_text(order, text_of(content))
    return of_file(order, content, file_of(name))


def of_text(order: Order, text: str) -> dict[str, Any]:
    """JSON lines; where prompts are wanted also one a line as it is, where texts are, those that three dashes part."""
    if order.data is CorpusData and not text.lstrip().startswith("{"):
        return {"texts": documents_of(text), "examples": []}
    if order.data is PracticeData and text.strip() and not text.lstrip().startswith("{"):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        text = "\n".join(json.dumps({"prompt": line}) for line in lines)
    return of_file(order, text.encode(), "jsonl")


def of_feedback(order: Order, asker: Asker, flow: Flow | None) -> dict[str, Any]:
    """What people said of one flow's answers, or of all flows'. ``NodeError`` where that is nothing for this."""
    ratings = Rating.objects.visible_to(asker).told()
    if flow is not None:
        ratings = ratings.filter(flow=flow)
    form = FORMATS.get(SAID.get(order.data, ""), lambda rating: [{"prompt": rating.prompt}])
    rows = [
        row
        for rating in ratings.order_by("created_at", "id").iterator(chunk_size=500)
        for row in form(rating)
    ]
    found = order.data.of_rows(rows)
    if not any(found.values()):
        where = flow.name if flow else _("any flow")
        raise NodeError(
            _("There is no feedback of %(where)s for this yet; needed: %(wanted)s.")
            % {"where": where, "wanted": order.data.wanted}
        )
    return found


def joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: [row for part in parts for row in part[name]] for name in parts[0]}
