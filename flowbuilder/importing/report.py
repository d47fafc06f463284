"""What became of each thing of a file: the report that a person reads, as plain data."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

LONGEST = 5000
"""Characters of a setting that the report quotes; the whole is in the file that was imported."""
SECRET = re.compile(r"api_?key|secret|password|token$|credential|authorization", re.IGNORECASE)


class How(StrEnum):
    CONVERTED = "converted"
    """It does here what it did there."""
    APPROXIMATED = "approximated"
    """It does nearly that; ``why`` says what differs."""
    MERGED = "merged"
    """Its settings went into another node; a note stands where it stood."""
    NOTE = "note"
    """A note."""
    PLACEHOLDER = "placeholder"
    """It has no counterpart; a run stops there."""


@dataclass
class Item:
    """One node of the file."""

    id: str
    kind: str
    label: str
    how: How
    became: list[str] = field(default_factory=list)
    """Ids of what stands for it in our graph, in groups by their path once all is drawn."""
    why: str = ""


@dataclass
class Report:
    """Of one flow."""

    source: str
    spread: float = 1
    """How many times as far apart nodes stand as they did: cards are larger here, and some steps take several."""
    items: list[Item] = field(default_factory=list)
    lost: list[dict[str, str]] = field(default_factory=list)
    """Settings that nothing here corresponds to: ``{node, setting, value}``."""
    dropped: list[dict[str, str]] = field(default_factory=list)
    """Wires that could not be kept: ``{source, target, why}``."""
    hosts: list[dict[str, str]] = field(default_factory=list)
    """Addresses that an administrator must allow: ``{host, node}``."""
    secrets: list[dict[str, str]] = field(default_factory=list)
    """What has to be kept as a secret again, since no export holds it: ``{node, what}``."""
    todo: list[dict[str, str]] = field(default_factory=list)
    """What else somebody has to set: ``{node, what}``."""
    notes: list[str] = field(default_factory=list)
    """What holds for the flow as a whole."""
    added: list[str] = field(default_factory=list)
    """Ids of nodes that stand for none of the file's."""
    problems: list[dict[str, str]] = field(default_factory=list)
    """What keeps it from running here, as the editor says it."""

    def counts(self) -> dict[str, int]:
        return {how.value: sum(item.how is how for item in self.items) for how in How}

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "counts": self.counts()}

    def lose(self, node: str, setting: str, value: Any) -> None:
        shown = "(not shown)" if SECRET.search(setting) else shortened(without_secrets(value))
        self.lost.append({"node": node, "setting": setting, "value": shown})

    def needs(self, node: str, what: str) -> None:
        if {"node": node, "what": what} not in self.todo:
            self.todo.append({"node": node, "what": what})


def shortened(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def without_secrets(value: Any) -> Any:
    """The same settings; what looks like a secret is only named."""
    if isinstance(value, dict):
        return {
            key: "(not kept)" if SECRET.search(str(key)) and held else without_secrets(held)
            for key, held in value.items()
        }
    return [without_secrets(held) for held in value] if isinstance(value, list) else value
