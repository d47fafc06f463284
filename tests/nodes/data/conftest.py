"""A fake of the datasets that a node may ask for."""

from dataclasses import dataclass, field

import pytest

from nodes.base import DatasetRows

PAIR = {"prompt": "a?", "chosen": "yes", "rejected": "no"}
HELD = {"prompt": "b?", "chosen": "yes", "rejected": "no"}


@dataclass
class FakeDatasets:
    """One version of one kind."""

    kind: str = "preference"
    splits: dict = field(default_factory=lambda: {"train": [PAIR, PAIR], "test": [HELD], "validation": []})
    collected: list = field(default_factory=list)
    added: dict = field(default_factory=dict)

    async def rows(self, ref, splits):
        rows = [row for split in splits for row in self.splits[split]]
        return DatasetRows(ref=ref if "@" in ref else f"{ref}@7", kind=self.kind, rows=tuple(rows))

    async def collect(self, **asked):
        self.collected.append(asked)
        return f"{asked['dataset']}@8"

    async def add_synthetic(self, **added):
        """The first of them is held out."""
        self.added = added
        return [row["content"] for row in added["rows"][:1]]


@pytest.fixture
def make_datasets():
    return FakeDatasets
