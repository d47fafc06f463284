"""Which settings callers may override for one run: chosen by the flow's owner from what its nodes have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.publishing.models import Doors

MOST = 100


@dataclass(frozen=True)
class Choice:
    """A setting that could be left to callers."""

    node: str
    label: str
    type: str
    setting: str
    value: Any


def choices_of(flow: Flow) -> list[Choice]:
    """Of the live version; of the draft where none is."""
    drawn = flow.published_version.graph if flow.published_version else flow.graph
    found = []
    for path, spec in Graph.model_validate(drawn).everything():
        kind = catalogue().kinds.get(catalogue().named(spec.type))
        for setting, field in (kind.model_fields if kind else {}).items():
            value = spec.settings.get(setting, field.get_default(call_default_factory=True))
            found.append(
                Choice(path, spec.label or (gettext(kind.title) if kind else ""), spec.type, setting, value)
            )
    return found


def schema_of(choice: Choice) -> dict[str, Any]:
    """The setting's JSON Schema; definitions that it refers to are with its node, at ``/api/nodes``."""
    known = catalogue().kind(choice.type).model_json_schema()["properties"]
    return dict(known[choice.setting])


def allowed_of(flow: Flow) -> set[tuple[str, str]]:
    doors = Doors.objects.filter(flow=flow).only("overrides").first()
    return {(row["node"], row["setting"]) for row in doors.overrides} if doors else set()


def left_to_callers(flow: Flow, wanted: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Each once; ``ApiError`` 422 names what the flow has not."""
    there = {(choice.node, choice.setting) for choice in choices_of(flow)}
    rows = list(dict.fromkeys((row["node"], row["setting"]) for row in wanted))
    if len(rows) > MOST:
        raise ApiError("invalid", f"{MOST} settings may be left to callers; these are {len(rows)}.", 422)
    details = [
        {"where": "overrides", "message": f"The flow has no setting '{setting}' at a node '{node}'."}
        for node, setting in rows
        if (node, setting) not in there
    ]
    if details:
        raise ApiError("invalid", " ".join(row["message"] for row in details), 422, details)
    return [{"node": node, "setting": setting} for node, setting in rows]
