"""How a recipe runs as a program: its configuration read, its end and its failures told."""

from __future__ import annotations

import gc
import os
import re
import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from flowbuilder.orphans import die_with_parent
from flowbuilder.training.recipes import pausing, processes
from flowbuilder.training.recipes.checkpoints import disk_full, whole_checkpoint
from flowbuilder.training.recipes.reporting import TrainingStopped, emit

PATH = re.compile(r"(?:/[\w.@%+-]+){2,}")
"""What a library may put into its message, and no person who reads the job should see."""


def run_recipe(train: Any, config_type: Any) -> None:
    """``python -m flowbuilder.training.recipes.NAME config.json``."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: python -m {train.__module__} config.json")
    pausing.listen()
    gc.freeze()  # torch's own million objects stay: each look for garbage among them takes half a second
    if processes.count() > 1:
        die_with_parent()
        emit(event="process", pid=os.getpid())
        processes.join()
    work_dir = None
    try:
        job = config_type.model_validate_json(Path(sys.argv[1]).read_text())
        work_dir = job.work_dir
        train(job)
    except pausing.Paused as paused:
        emit(event="paused", step=paused.step)
    except Exception as error:
        if (why := reason(error, work_dir)) is None:
            raise
        emit(event="failed", error=why)
        raise SystemExit(1) from error


def reason(error: Exception, work_dir: Path | None) -> str | None:
    """What the person is told; None for a defect, which only the log explains."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"'{'.'.join(str(part) for part in first['loc'])}': {first['msg']}"
    if disk_full(error):
        # What was half written goes, so that there is room for the next attempt.
        kept = whole_checkpoint(work_dir) if work_dir else None
        step = kept.rsplit("-", 1)[1] if kept else ""
        goes_on = (
            f"The checkpoint of step {step} is kept: make room and resume" if kept else "Make room and resume"
        )
        return f"The disk is full: what was to be saved could not be written. {goes_on}."
    if isinstance(error, TrainingStopped | ValueError):
        return PATH.sub("a file", str(error))
    if isinstance(error, RuntimeError) and "probability tensor" in str(error):
        return "The model's probabilities are no numbers any more. Lower the learning rate."
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower():
        return "The training ran out of memory. Lower the batch or the answers' length."
    return None
