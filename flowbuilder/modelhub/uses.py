"""Who uses a model: the nodes of flows that name it, and which version each of them gets now."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub.models import PRODUCTION, Model
from flowbuilder.modelhub.registry import REFERENCE


@dataclass(frozen=True)
class Mention:
    """A reference to a model in one node of one graph."""

    ref: str
    flow_id: uuid.UUID
    flow_name: str
    version: int | None
    """The published version's number; None: the draft."""
    node: str


@dataclass(frozen=True)
class Use:
    mention: Mention
    number: int | None
    """The version that it gets now; None where the reference leads to nothing."""
    how: str
    """``number``, or the alias: ``production`` for the bare name."""


mentions_of: Callable[[Asker], Iterable[Mention]] | None = None
"""Every mention in the flows that the asker sees. Set by the flows app, which stands above this layer."""


def uses_of(asker: Asker, model: Model) -> list[Use]:
    """In the order of flows, each draft before its published version."""
    if mentions_of is None:
        return []
    targets = dict(model.aliases.values_list("name", "version__number"))
    numbers = set(model.versions.values_list("number", flat=True))
    uses = []
    for mention in mentions_of(asker):
        parsed = REFERENCE.fullmatch(mention.ref.strip())
        if parsed is None or parsed["name"] != model.name:
            continue
        if parsed["number"]:
            number = int(parsed["number"])
            uses.append(Use(mention, number if number in numbers else None, "number"))
        else:
            alias = parsed["alias"] or PRODUCTION
            uses.append(Use(mention, targets.get(alias), alias))
    return uses
