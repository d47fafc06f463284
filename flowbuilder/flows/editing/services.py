"""Makes changes in a draft: one after the other, each exactly once, the draft always a valid graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import Frame, NodeSpec, Note, Wire
from flowbuilder.flows.bounds import must_stay_within
from flowbuilder.flows.editing.changes import Change, NotAChange, apply, changes_between, same, taken
from flowbuilder.flows.editing.telling import tell
from flowbuilder.flows.models import EditReceipt, Flow
from flowbuilder.flows.parsing import parse_graph

ITEMS = {
    "nodes": NodeSpec.model_fields.keys(),
    "wires": Wire.model_fields.keys(),
    "notes": Note.model_fields.keys(),
    "frames": Frame.model_fields.keys(),
}
KEPT = timedelta(days=14)
"""A browser that was away longer is not told that its last changes had arrived; it compares drafts instead."""


@dataclass(frozen=True)
class Edited:
    """The draft after the changes; ``changes`` is what they came to where they were made in the revision they name."""

    flow: Flow
    changes: list[Change] | None


def edit_draft(
    *,
    asker: Asker,
    flow: Flow,
    client: str,
    number: int,
    revision: int,
    changes: Sequence[Change],
    name: str | None = None,
) -> Edited:
    """Make the changes in the draft as it is now; ``client`` counts its calls, so that one sent twice is made once.

    ``ApiError`` 409 ``taken`` carries the draft where something that is added has an id that is in use.
    """
    with transaction.atomic():
        draft = Flow.objects.select_for_update().get(pk=flow.pk)
        receipt = _receipt(draft, client)
        if number <= receipt.number:
            return Edited(draft, None)
        known, before = draft.revision, whole(draft)
        if ids := taken(before, changes):
            details = {"revision": known, "graph": before}
            raise ApiError("taken", f"'{ids[0]}' was added by somebody else meanwhile.", 409, details)
        try:
            after = parse_graph(apply(before, changes)).model_dump(mode="json")
        except NotAChange as error:
            raise ApiError("invalid_changes", str(error), 422) from error
        receipt.number = number
        receipt.save()
        if same(before, after) and name in {None, draft.name}:
            return Edited(draft, [] if known == revision else None)
        made = store(draft, after, before=before, name=name, asker=asker, client=client)
    return Edited(draft, made if known == revision else None)


def _receipt(flow: Flow, client: str) -> EditReceipt:
    receipt, fresh = EditReceipt.objects.get_or_create(flow=flow, client=client)
    if fresh:
        EditReceipt.objects.filter(flow=flow, at__lt=timezone.now() - KEPT).delete()
    return receipt


def last_number(flow: Flow, client: str) -> int:
    """Of the client's changes that were made; 0 where none was."""
    return EditReceipt.objects.filter(flow=flow, client=client).values_list("number", flat=True).first() or 0


def whole(draft: Flow) -> dict[str, Any]:
    """Its graph with everything that what is stored may leave out."""
    return draft.graph if _is_whole(draft.graph) else parse_graph(draft.graph).model_dump(mode="json")


def _is_whole(graph: dict[str, Any]) -> bool:
    """Whether it was stored from here, and leaves nothing out: most are, and a thousand nodes take long to check."""
    return graph.keys() == ITEMS.keys() and all(
        item.keys() == fields and (not item.get("body") or _is_whole(item["body"]))
        for name, fields in ITEMS.items()
        for item in graph[name]
    )


def store(
    draft: Flow,
    after: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    name: str | None = None,
    asker: Asker | None = None,
    client: str = "",
) -> list[Change] | None:
    """Write the draft, which the caller has locked, as the next revision, and tell it to the open editors.

    None where changes cannot say what came of it (two nodes of one id): whoever edits loads it then.
    """
    must_stay_within(asker, draft, after)
    before = whole(draft) if before is None else before
    made = changes_between(before, after)
    draft.graph, draft.revision, draft.updated_at = after, draft.revision + 1, timezone.now()
    if name is not None:
        draft.name = name
    draft.save(update_fields=["graph", "revision", "updated_at", "name"])
    message: dict[str, Any] = {"type": "revision", "revision": draft.revision}
    sayable = same(apply(before, made), after)
    if sayable:
        message = {
            "type": "edits",
            "revision": draft.revision,
            "changes": [change.told() for change in made],
            "name": draft.name,
            "client": client,
            "person": str(asker.user) if asker and asker.user else "",
        }
    transaction.on_commit(partial(tell, draft.pk, message))
    return made if sayable else None
