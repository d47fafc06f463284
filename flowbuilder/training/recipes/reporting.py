"""What a recipe says while it works: one JSON object a line on stdout, which the job service reads."""

from __future__ import annotations

import json
import math
import re
import sys
from typing import Any

from pydantic import ValidationError

PATH = re.compile(r"(?:/[\w.@%+-]+){2,}")
"""What a library may put into its message, and no person who reads the job should see."""


class TrainingStopped(Exception):
    """Ends the job with a reason that the person reads."""


def emit(**line: Any) -> None:
    """One line. Flushed, since it is read while the job lasts."""
    print(json.dumps(line), flush=True)


def metrics(step: int, steps: int, values: dict[str, float]) -> None:
    """One step's figures. ``TrainingStopped`` when one of them is no number any more."""
    for name, value in values.items():
        if not math.isfinite(value):
            raise TrainingStopped(
                f"'{name}' became {value} at step {step}: the training diverged. Lower the learning rate."
            )
    emit(event="metrics", step=step, steps=steps, **{k: float(f"{v:.6g}") for k, v in values.items()})


def sample(step: int, prompt: str, answer: str, reward: float) -> None:
    emit(event="sample", step=step, prompt=prompt, answer=answer, reward=round(reward, 4))


def run_recipe(train: Any, config_type: Any) -> None:
    """``python -m flowbuilder.training.recipes.NAME config.json``."""
    from pathlib import Path

    if len(sys.argv) != 2:
        raise SystemExit(f"usage: python -m {train.__module__} config.json")
    try:
        train(config_type.model_validate_json(Path(sys.argv[1]).read_text()))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        emit(event="failed", error=f"'{where}': {first['msg']}")
        raise SystemExit(1) from error
    except (TrainingStopped, ValueError) as error:
        emit(event="failed", error=PATH.sub("a file", str(error)))
        raise SystemExit(1) from error
    except RuntimeError as error:
        if "probability tensor" not in str(error):
            raise
        emit(
            event="failed",
            error="The model's probabilities are no numbers any more. Lower the learning rate.",
        )
        raise SystemExit(1) from error
    except MemoryError as error:
        emit(event="failed", error="The training ran out of memory. Lower the batch or the answers' length.")
        raise SystemExit(1) from error
