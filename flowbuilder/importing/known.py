"""What comes along with a flow: of the workspace file that it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Known:
    bases: Mapping[str, str] = field(default_factory=dict)
    """The file's document store -> our knowledge base."""
    tools: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The file's custom tool -> its row."""
    flows: Mapping[str, str] = field(default_factory=dict)
    """The file's flow -> its name."""
