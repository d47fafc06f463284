"""What the recipes on transformers' Trainer share: whole checkpoints, metrics as they come, an early stop."""

from __future__ import annotations

import json
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from flowbuilder.training.recipes.checkpoints import hash_folder, hashes_hold
from flowbuilder.training.recipes.reporting import TrainingStopped, metrics

MAX_KL = 20.0
"""Nats a token; far beyond what any useful policy drifts."""


def quiet(work_dir: Path, *, seed: int, steps: int, save_every: int) -> dict[str, Any]:
    """Arguments that every Trainer-based recipe gives: local, reproducible, silent but for our metrics."""
    return {
        "output_dir": str(work_dir),
        "seed": seed,
        "data_seed": seed,
        "max_steps": steps,
        "save_steps": save_every,
        "save_total_limit": 2,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "report_to": [],
        "disable_tqdm": True,
        "use_cpu": not torch.cuda.is_available(),
        "bf16": False,
        "dataloader_pin_memory": False,
        "gradient_checkpointing": False,
    }


def whole_checkpoint(work_dir: Path) -> str | None:
    """The newest checkpoint whose hashes hold. Broken ones are removed: Trainer would trip over them."""
    found = sorted(work_dir.glob("checkpoint-*"), key=lambda path: int(path.name.rsplit("-", 1)[1]))
    for folder in reversed(found):
        if hashes_hold(folder):
            return str(folder)
        shutil.rmtree(folder)
    return None


def once(path: Path, measure: Callable[[], Any]) -> Any:
    """What was measured before the first step; a resumed job remembers it."""
    if not path.is_file():
        path.write_text(json.dumps(measure()))
    return json.loads(path.read_text())


class Seal(TrainerCallback):
    """Writes the hash list once a checkpoint's files are all there."""

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        hash_folder(Path(args.output_dir) / f"checkpoint-{state.global_step}")


class Report(TrainerCallback):
    """Passes on the figures that ``names`` maps (Trainer's name -> ours) and stops what has gone wrong:
    a figure that is no number, a KL beyond ``MAX_KL``, a size beyond what ``most`` allows."""

    def __init__(self, names: dict[str, str], most: dict[str, float] | None = None) -> None:
        self.names = names
        self.most = most or {}

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **_: Any,
    ) -> None:
        values = {ours: float(logs[theirs]) for theirs, ours in self.names.items() if theirs in (logs or {})}
        if "loss" not in values:
            return  # the summary at the end
        values["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        metrics(state.global_step, state.max_steps, values)
        if values.get("kl", 0.0) > MAX_KL:
            raise TrainingStopped(
                f"The policy drifted too far at step {state.global_step} (KL {values['kl']:.1f}). "
                "Raise 'kl' or lower the learning rate."
            )
        for name, most in self.most.items():
            if abs(values.get(name, 0.0)) > most:
                raise TrainingStopped(
                    f"The training diverged at step {state.global_step} ({name} {values[name]:.4g}). "
                    "Lower the learning rate."
                )
