"""How long a text is to a language model, before any model is chosen."""

from __future__ import annotations

from flowbuilder.knowledge.words import HAN

LETTERS_A_TOKEN = 4


def count(text: str) -> int:
    """An estimate: one a Chinese character, one for four others. Exact counts come from the model that reads it."""
    han = len(HAN.findall(text))
    return han + -(-(len(text) - han) // LETTERS_A_TOKEN)
