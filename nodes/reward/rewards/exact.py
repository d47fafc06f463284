"""Rewards text that equals the reference."""

from __future__ import annotations

import json
from typing import Any, Literal

from nodes.reward.rewards.setting import Measured, RewardSetting


def exact(
    text: str, *, prompt: str = "", reference: str = "", as_json: bool = True, ignore_case: bool = False
) -> Measured:
    """1 when equal but for spaces around; with ``as_json``, two JSON values are equal in any key order."""
    ours, theirs = text.strip(), reference.strip()
    if as_json:
        same, readable = _same_json(ours, theirs)
        if readable:
            return float(same), "the same JSON" if same else "other JSON than the reference"
    if ignore_case:
        ours, theirs = ours.casefold(), theirs.casefold()
    return float(ours == theirs), "equal" if ours == theirs else "differs from the reference"


def _same_json(ours: str, theirs: str) -> tuple[bool, bool]:
    """Whether both are equal, and whether both are JSON at all."""
    try:
        left: Any = json.loads(ours)
        right: Any = json.loads(theirs)
    except (ValueError, RecursionError):
        return False, False
    # Compared as text again: in Python True == 1, in JSON they differ.
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True), True


class Exact(RewardSetting):
    """Is it equal to the reference?"""

    kind: Literal["exact"] = "exact"
    as_json: bool = True
    """Compare JSON by its content: spaces and the order of keys do not count."""
    ignore_case: bool = False
    """Upper and lower case are the same."""

    def measure(self, text: str, *, prompt: str = "", reference: str = "") -> Measured:
        return exact(text, reference=reference, as_json=self.as_json, ignore_case=self.ignore_case)
