"""What is wrong with a graph, in one place of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """``node`` is empty for a problem of the whole graph; a warning does not stop a run."""

    node: str
    port: str
    code: str
    message: str
    fits: list[str] = field(default_factory=list)
    severity: str = "error"
    setting: str = ""
    """The setting that has to be mended, where it is one."""
