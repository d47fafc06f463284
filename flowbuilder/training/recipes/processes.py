"""Several processes that train one model side by side, each on its part of every batch.

``torchrun`` starts them, on one machine or on several, and tells each its number in the environment. The first
speaks for all: it alone prints, shows samples and writes what is written once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from accelerate import PartialState
from accelerate.utils import broadcast_object_list


def count() -> int:
    return int(os.environ.get("WORLD_SIZE", "1"))


def first() -> bool:
    return int(os.environ.get("RANK", "0")) == 0


def join() -> None:
    """Meet the others: gloo between processors, nccl between GPUs."""
    if count() > 1:
        import torch

        PartialState(cpu=not torch.cuda.is_available())


def together() -> None:
    """Wait until all are here."""
    if count() > 1:
        PartialState().wait_for_everyone()


def agreed(of_first: Callable[[], Any]) -> Any:
    """What the first process finds, for all of them."""
    if count() == 1:
        return of_first()
    found = [of_first() if first() else None]
    broadcast_object_list(found)
    return found[0]


def share(batch: int, name: str) -> int:
    """Each one's part of a batch, so that a step learns from the same rows however many there are.

    Where the rows leave a rest, several fill their last batch of a round up with its first rows; one learns from the
    rest alone."""
    if batch % count():
        raise ValueError(f"'{name}' is {batch}, which {count()} processes cannot share: choose a multiple.")
    return batch // count()


def refuse_several(recipe: str) -> None:
    if count() > 1:
        raise ValueError(
            f"{recipe} trains in one process; start it with one. Its models answer, judge and learn in one loop."
        )
