"""Templates to start a flow from: one JSON file each, in this folder."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flowbuilder.accounts.errors import ApiError


@dataclass(frozen=True)
class Template:
    slug: str
    title: str
    description: str
    graph: dict[str, Any]
    order: int = 100
    saved: bool = False
    """By somebody of the workspace; its slug is its id."""


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
