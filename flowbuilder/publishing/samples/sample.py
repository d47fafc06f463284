"""One program, and what several have in common."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

KEY = "FLOWBUILDER_API_KEY"


@dataclass(frozen=True)
class Sample:
    slug: str
    title: str
    code: str


@dataclass(frozen=True)
class Way:
    """One way in, in several languages."""

    slug: str
    title: str
    samples: tuple[Sample, ...]


def curl(url: str, body: object, *headers: str) -> str:
    told = "".join(f'  -H "{header}" \\\n' for header in headers)
    return (
        f"curl {url} \\\n"
        f'  -H "Authorization: Bearer ${KEY}" \\\n'
        f'  -H "Content-Type: application/json" \\\n{told}'
        f"  -d {shlex.quote(as_json(body))}"
    )


def as_json(value: Any) -> str:
    """Also JavaScript, as it stands."""
    return json.dumps(value, ensure_ascii=False)


def as_python(value: Any) -> str:
    """JSON's true, false and null are other words there."""
    return repr(value) if not isinstance(value, str) else as_json(value)
