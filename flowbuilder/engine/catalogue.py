"""Finds every node by itself: one file below a node package is one node."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from flowbuilder.engine.graph import NodeSpec
from flowbuilder.engine.ports import inputs_of, outputs_of, static_inputs, static_outputs
from nodes.base import Node, NodeError

ALIASES: Mapping[str, str] = {}
"""Old type id -> new one, so that a renamed node never breaks a saved flow."""


@dataclass(frozen=True)
class Catalogue:
    """Type id -> node class."""

    kinds: Mapping[str, type[Node]]
    aliases: Mapping[str, str] = field(default_factory=lambda: ALIASES)
    origins: Mapping[str, str] = field(default_factory=dict)
    """Type id -> the package it came with, for those of plug-ins."""

    @classmethod
    def load(cls, packages: Iterable[str] = ("nodes",)) -> Catalogue:
        """Import every module below the packages; a module with a Node subclass of its own is a node."""
        kinds: dict[str, type[Node]] = {}
        for package in packages:
            for type_id, kind in discover(importlib.import_module(package)):
                if type_id in kinds:
                    raise ValueError(f"Two packages have a node '{type_id}'; rename one.")
                kinds[type_id] = kind
        return cls(kinds)

    def named(self, type_id: str) -> str:
        """What a type is called now."""
        return self.aliases.get(type_id, type_id)

    def knows(self, type_id: str) -> bool:
        return self.named(type_id) in self.kinds

    def kind(self, type_id: str) -> type[Node]:
        """The class; ``NodeError`` names the type when there is none."""
        found = self.kinds.get(self.named(type_id))
        if found is None:
            raise NodeError(f"There is no node type '{type_id}' here.")
        return found

    def build(self, spec: NodeSpec) -> Node:
        """The configured node, its settings upgraded; ``NodeError`` names the setting that is wrong."""
        kind = self.kind(spec.type)
        settings = spec.settings
        if spec.version < kind.settings_version:
            settings = kind.upgrade(dict(settings), spec.version)
        try:
            return kind(**settings)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "settings"
            raise NodeError(f"Setting '{where}': {first['msg']}") from error

    def describe(self) -> list[dict[str, Any]]:
        """What the palette, the inspector and the HTTP API show of each node."""
        return [
            {**describe(type_id, kind), "origin": self.origins.get(type_id, "")}
            for type_id, kind in sorted(self.kinds.items())
        ]


@cache
def describe(type_id: str, kind: type[Node]) -> dict[str, Any]:
    """Kept: the JSON Schemas of all nodes take twenty milliseconds."""
    dynamic = kind.inputs is not Node.inputs or kind.outputs is not Node.outputs
    ports = inputs_of(kind()) if dynamic else static_inputs(kind)
    outputs = outputs_of(kind()) if dynamic else static_outputs(kind)
    return {
        "type": type_id,
        "title": kind.title or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize(),
        "category": kind.category or type_id.split(".")[0],
        "description": inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " "),
        "icon": kind.icon,
        "tags": list(kind.tags),
        "pure": kind.pure,
        "sends_out": kind.sends_out,
        "offered": kind.offered,
        "version": kind.settings_version,
        "settings_schema": kind.model_json_schema(),
        "inputs": [port.describe() for port in ports],
        "outputs": [port.describe() for port in outputs.ports],
        "streams": outputs.streams,
        "dynamic": dynamic,
    }


def discover(package: ModuleType) -> Iterator[tuple[str, type[Node]]]:
    """Type ids below the package, with their classes."""
    with warnings.catch_warnings():
        # pydantic only warns when a field hides one of its own names; for a node that is a defect.
        warnings.simplefilter("error", UserWarning)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            own = [
                value
                for value in vars(module).values()
                if inspect.isclass(value)
                and issubclass(value, Node)
                and value.__module__ == module.__name__
                and not value.__name__.startswith("_")
                and hasattr(value, "run")
            ]
            if len(own) > 1:
                raise ValueError(f"{module.__name__} holds {len(own)} nodes; one file is one node.")
            if own:
                yield found.name.removeprefix(f"{package.__name__}."), own[0]
