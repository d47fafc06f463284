"""Where a version comes from and what came of it: base, data, training, version, flows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub.models import ModelVersion, Source
from flowbuilder.modelhub.uses import Use, uses_of

GENERATIONS = 20
"""How far back it goes."""
MOST_FLOWS = 20


@dataclass(frozen=True)
class Item:
    id: str
    kind: str
    """``origin``, ``version``, ``dataset``, ``feedback``, ``job`` or ``flow``."""
    title: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Link:
    source: str
    target: str
    label: str = ""


@dataclass
class Lineage:
    """Items by id, and links between them; each is there once however often it is added."""

    items: dict[str, Item] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)

    def add(self, item: Item) -> str:
        self.items.setdefault(item.id, item)
        return item.id

    def link(self, source: str, target: str, label: str = "") -> None:
        self.links.setdefault((source, target), Link(source, target, label))

    def leads_to(self, target: str) -> bool:
        return any(link.target == target for link in self.links.values())

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each link with the items at its ends, to be read one after the other."""
        return [
            {"source": self.items[link.source], "label": link.label, "target": self.items[link.target]}
            for link in self.links.values()
        ]

    def row(self) -> dict[str, Any]:
        return {
            "items": [vars(item) for item in self.items.values()],
            "links": [vars(link) for link in self.links.values()],
        }


Contribution = Callable[[Asker, Sequence[ModelVersion], Lineage], None]
sources: list[Contribution] = []
"""Apps above add what they know of the versions (the one asked for first, then its ancestors): jobs and data."""


def lineage_of(asker: Asker, version: ModelVersion) -> Lineage:
    found = Lineage()
    line = ancestors(asker, version)
    for ancestor in reversed(line):
        add_version(found, ancestor)
    for contribute in sources:
        contribute(asker, line, found)
    for ancestor in line:
        _close_gap(found, ancestor)
    _add_flows(asker, version, found)
    return found


def ancestors(asker: Asker, version: ModelVersion) -> list[ModelVersion]:
    """The version, what it was trained from, and so on."""
    line = [version]
    versions = ModelVersion.objects.visible_to(asker).select_related("model")
    while line[-1].parent_id and len(line) <= GENERATIONS:
        parent = versions.filter(pk=line[-1].parent_id).first()
        if parent is None:
            break
        line.append(parent)
    return line


def add_version(found: Lineage, version: ModelVersion) -> str:
    url = reverse("modelhub:version", args=[version.pk])
    return found.add(Item(id_of(version), "version", version.ref, version.get_kind_display(), url))


def id_of(version: ModelVersion) -> str:
    return f"version:{version.pk}"


def _close_gap(found: Lineage, version: ModelVersion) -> None:
    """No app told what led to the version: its parent did, or the place that it was added from."""
    if found.leads_to(id_of(version)):
        return
    if version.parent_id and (parent := f"version:{version.parent_id}") in found.items:
        found.link(parent, id_of(version), _("trained"))
    elif version.source != Source.JOB:
        notes = {Source.SHIPPED: _("ships with it"), Source.HUB: _("hub")}
        note = notes.get(Source(version.source), _("folder on the shelf"))
        title = version.location or "Flowbuilder"
        origin = found.add(Item(f"origin:{version.pk}", "origin", title, note))
        found.link(origin, id_of(version), _("added"))


def _add_flows(asker: Asker, version: ModelVersion, found: Lineage) -> None:
    """A flow once, with every way in which it names the version."""
    by_flow: dict[str, list[Use]] = {}
    for use in uses_of(asker, version.model):
        if use.number == version.number:
            by_flow.setdefault(str(use.mention.flow_id), []).append(use)
    for flow_id, uses in list(by_flow.items())[:MOST_FLOWS]:
        names = ", ".join(dict.fromkeys(use.mention.ref for use in uses))
        # Named by its path: the flows stand above this layer.
        item = Item(f"flow:{flow_id}", "flow", uses[0].mention.flow_name, names, f"/flows/{flow_id}/")
        found.link(id_of(version), found.add(item), _("used"))
