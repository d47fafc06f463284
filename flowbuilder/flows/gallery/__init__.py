"""Templates to start a flow from: one JSON file each, in this folder."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.flows.nodes import catalogue


@dataclass(frozen=True)
class Template:
    slug: str
    title: str
    description: str
    graph: dict[str, Any]
    order: int = 100
    saved: bool = False
    """By somebody of the workspace; its slug is its id."""

    def speaks_of(self, words: str) -> bool:
        """Whether each of the words stands in its title or description."""
        said = f"{self.title} {self.description}".lower()
        return all(word in said for word in words.lower().split())

    @property
    def sends_out(self) -> bool:
        """Whether one of its nodes sends data out of these machines."""
        kinds = catalogue().kinds
        return any(kinds[type_].sends_out for type_ in types_in(self.graph) if type_ in kinds)


def types_in(graph: dict[str, Any]) -> set[str]:
    """Of its nodes, those in groups too."""
    found = set()
    for node in graph["nodes"]:
        found |= {node["type"], *(types_in(node["body"]) if node.get("body") else ())}
    return found


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    found = [Template(**json.loads(path.read_text())) for path in Path(__file__).parent.glob("*.json")]
    return tuple(sorted(found, key=lambda template: (template.order, template.title)))


def template(slug: str) -> Template:
    for found in templates():
        if found.slug == slug:
            return found
    known = ", ".join(found.slug for found in templates())
    raise ApiError("not_found", f"There is no template '{slug}'. There are: {known}.", 404)
