"""The node that a tool of another builder becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flowbuilder.importing.report import How, Report


@dataclass
class AsTool:
    type: str
    settings: dict[str, Any] = field(default_factory=dict)
    how: How = How.CONVERTED
    why: str = ""
    port: str = "tool"
    todo: str = ""
    used: tuple[str, ...] = ()
    """Settings of the other builder that went into it."""
    takes: dict[str, str] = field(default_factory=dict)
    """What a script takes from outside -> the input here."""

    def tell(self, report: Report, node: str) -> None:
        """What somebody has to do before it works."""
        if self.todo:
            report.needs(node, self.todo)
        if self.settings.get("auth", "none") != "none":
            report.secrets.append({"node": node, "what": f"The key for {self.host or 'it'}"})
        if self.host:
            report.hosts.append({"host": self.host, "node": node})

    @property
    def host(self) -> str:
        try:
            found = urlsplit(str(self.settings.get("url", ""))).hostname or ""
        except ValueError:
            return ""
        return "" if "{" in found else found
