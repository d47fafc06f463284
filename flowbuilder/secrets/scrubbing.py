"""Takes a workspace's secrets out of what people read of its runs. What a server repeats is taken out before it is
stored (``redacting``); this is for what somebody typed into a question, or a secret that was kept later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flowbuilder.accounts.models import Asker
from flowbuilder.secrets.models import Secret
from flowbuilder.secrets.redacting import redacted
from flowbuilder.secrets.sealing import CannotOpen, unseal

SHORTEST = 6
"""Shorter values would tear words out of every text."""


@dataclass(frozen=True)
class Scrubber:
    values: tuple[tuple[str, str], ...]
    """Name and value."""

    @classmethod
    def of(cls, asker: Asker | None) -> Scrubber:
        """Of the workspace that is asked in, whoever asks."""
        found: list[tuple[str, str]] = []
        for secret in Secret.objects.filter(workspace=asker.workspace) if asker else ():
            try:
                value = unseal(secret.owner, secret.sealed).value
            except CannotOpen:  # nothing that ran with this key can hold it
                continue
            if len(value) >= SHORTEST:
                found.append((secret.name, value))
        return cls(tuple(found))

    def clean(self, told: Any) -> Any:
        """The same, without them, in every text within."""
        if not self.values:
            return told
        if isinstance(told, str):
            for name, value in self.values:
                told = redacted(told, value, name)
            return told
        if isinstance(told, dict):
            return {self.clean(key): self.clean(value) for key, value in told.items()}
        return [self.clean(each) for each in told] if isinstance(told, list | tuple) else told
