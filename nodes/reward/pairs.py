import json

from pydantic import ValidationError, field_validator

from nodes.base import Node
from nodes.types import LongText, PreferencePair, Preferences

EXAMPLE = '{"prompt": "Is parcel PX-1 on its way?", "chosen": "Yes: it left the depot at 08:10.", "rejected": "yes"}'


class PreferencePairs(Node):
    """Preference data: prompts with the answer that people chose and the one they rejected."""

    title = "Preference pairs"
    icon = "thumbs-up"
    tags = ("dpo", "rlhf", "feedback", "chosen", "rejected", "data")
    pure = True

    pairs: LongText = EXAMPLE
    """One pair a line, as JSON with "prompt", "chosen" and "rejected"."""

    @field_validator("pairs")
    @classmethod
    def _readable(cls, text: str) -> str:
        pairs_of(text)
        return text

    async def run(self) -> Preferences:
        return pairs_of(self.pairs)


def pairs_of(text: str) -> Preferences:
    """Pairs of JSON lines; empty lines do not count. ``ValueError`` names the line and what is wrong with it."""
    pairs = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pair = PreferencePair.model_validate(json.loads(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ValueError(f"line {number}: '{where}': {first['msg']}") from error
        except ValueError as error:
            raise ValueError(f"line {number} is not JSON: {error}") from error
        if pair.chosen == pair.rejected:
            raise ValueError(f"line {number}: 'chosen' and 'rejected' are the same")
        pairs.append(pair)
    if not pairs:
        raise ValueError("there are no pairs; a pair is a line such as " + EXAMPLE)
    return Preferences(pairs=tuple(pairs))
