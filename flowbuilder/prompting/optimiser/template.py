"""Takes a prompt apart: what it instructs, and where its placeholders stand."""

from __future__ import annotations

import re

from flowbuilder.prompting.placeholders import names

_PHRASE = re.compile(r"[^.!?;。！？；\n]+(?:[.!?;。！？；]+(?=\s|$)|[。！？；]+|\n+|$)|\n+|[.!?;]+")
_LABEL = re.compile(r"^[^\n.!?。]{0,40}[:：]\s*$")


def phrases(text: str) -> list[str]:
    """Sentences and lines, in order; together they are the text."""
    return [part for part in _PHRASE.findall(text) if part]


def instructions(template: str) -> str:
    """What it says beside its placeholders and their labels."""
    parts = [part for part in phrases(template) if part.strip()]
    kept = []
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        labels = _LABEL.match(part.strip()) and names(following)
        if not names(part) and not labels:
            kept.append(part.strip())
    return "\n".join(kept)
