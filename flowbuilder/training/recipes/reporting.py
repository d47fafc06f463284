"""What a recipe says while it works: one JSON object a line on stdout, which the job service reads."""

from __future__ import annotations

import json
import math
from typing import Any

from flowbuilder.training.recipes import processes


class TrainingStopped(Exception):
    """Ends the job with a reason that the person reads."""


def emit(**line: Any) -> None:
    """One line, of the first process alone. Flushed, since it is read while the job lasts."""
    if processes.first():
        print(json.dumps(line), flush=True)


def metrics(step: int, steps: int, values: dict[str, float]) -> None:
    """One step's figures. ``TrainingStopped`` when one of them is no number any more."""
    for name, value in values.items():
        if not math.isfinite(value):
            why = f"'{name}' became {value} at step {step}: the training diverged. Lower the learning rate."
            alarm("nan", step, why)
            raise TrainingStopped(why)
    emit(event="metrics", step=step, steps=steps, **{k: float(f"{v:.6g}") for k, v in values.items()})


def sample(step: int, number: int, prompt: str, answer: str, reward: float | None) -> None:
    """The answer, after ``step`` steps, to the prompt of that number; ``reward`` where something judges it."""
    judged = None if reward is None else round(reward, 4)
    emit(event="sample", step=step, number=number, prompt=prompt, answer=answer, reward=judged)


def alarm(kind: str, step: int, message: str) -> None:
    """Something that a person should look at."""
    emit(event="alarm", kind=kind, step=step, message=message)
