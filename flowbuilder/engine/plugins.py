"""Nodes of other packages, by the entry points that those declare: ``[project.entry-points."flowbuilder.nodes"]``.

An entry point's name stands before its nodes' types for ever, and its value is the package that holds them, one file a node:
``word_count = "flowbuilder_word_count"`` with ``flowbuilder_word_count/count.py`` gives ``word_count.count``. One
that is broken is left out and says why: it must not keep an installation from starting.
"""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points

from flowbuilder.engine.catalogue import Catalogue, describe, discover
from nodes.base import Node

log = logging.getLogger(__name__)
GROUP = "flowbuilder.nodes"
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class Plugin:
    """What one entry point brings."""

    name: str
    package: str
    """The distribution with its version, as people know it: ``flowbuilder-word-count 1.0``."""
    kinds: Mapping[str, type[Node]] = field(default_factory=dict)
    problem: str = ""
    """Why it brings nothing; empty where it does."""

    @property
    def distribution(self) -> str:
        return self.package.partition(" ")[0]

    @property
    def version(self) -> str:
        return self.package.partition(" ")[2]


def installed() -> list[EntryPoint]:
    return sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))


def with_plugins(catalogue: Catalogue, points: Iterable[EntryPoint]) -> tuple[Catalogue, list[Plugin]]:
    """The catalogue with the nodes of all that can be used, and what became of each."""
    kinds, origins = dict(catalogue.kinds), dict(catalogue.origins)
    plugins: list[Plugin] = []
    for point in points:
        plugin = _loaded(point, kinds, {known.name for known in plugins})
        if plugin.problem:
            log.error("plug-in %s of %s is left out: %s", plugin.name, plugin.package, plugin.problem)
        kinds |= plugin.kinds
        origins |= dict.fromkeys(plugin.kinds, plugin.package)
        plugins.append(plugin)
    return replace(catalogue, kinds=kinds, origins=origins), plugins


def _loaded(point: EntryPoint, known: Mapping[str, type[Node]], names: set[str]) -> Plugin:
    package = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
    plugin = Plugin(point.name, package)
    if not NAME.fullmatch(point.name):
        return replace(
            plugin, problem=f"'{point.name}' is no name for nodes; write small letters, digits and _."
        )
    if point.name in names or any(type_id.startswith(f"{point.name}.") for type_id in known):
        return replace(plugin, problem=f"There are nodes '{point.name}.…' already; it needs another name.")
    try:
        found = dict(discover(importlib.import_module(point.value)))
        kinds = {f"{point.name}.{type_id}": kind for type_id, kind in found.items()}
        for type_id, kind in kinds.items():
            # What the palette would stumble over is found here.
            describe(type_id, kind)
    except (Exception, SystemExit) as error:
        log.info("plug-in %s", point.name, exc_info=True)
        return replace(plugin, problem=f"It cannot be loaded: {type(error).__name__}: {str(error)[:300]}")
    if not kinds:
        return replace(plugin, problem=f"'{point.value}' holds no file with a node.")
    return replace(plugin, kinds=kinds)
