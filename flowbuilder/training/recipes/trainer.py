"""What the recipes on transformers' Trainer share: whole checkpoints, figures as they come, the ways to stop."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from transformers import (
    PreTrainedModel,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from flowbuilder.training.recipes import pausing, processes
from flowbuilder.training.recipes.alarms import Alarms
from flowbuilder.training.recipes.checkpoints import hash_folder, whole_checkpoint
from flowbuilder.training.recipes.job import TrainingJob
from flowbuilder.training.recipes.plateau import Plateau
from flowbuilder.training.recipes.reporting import TrainingStopped, alarm, metrics
from flowbuilder.training.recipes.shown import Shown

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


def once(path: Path, measure: Callable[[], Any]) -> Any:
    """What was measured before the first step; a resumed job remembers it."""

    def found() -> Any:
        if not path.is_file():
            path.write_text(json.dumps(measure()))
        return json.loads(path.read_text())

    return processes.agreed(found)


@dataclass
class Watch:
    """What is looked at while a job trains, beside what its trainer logs."""

    names: dict[str, str]
    """The trainer's name of a figure -> ours."""
    most: dict[str, float] = field(default_factory=dict)
    """A figure beyond its size here has diverged."""
    measured: dict[str, Callable[[PreTrainedModel], float]] = field(default_factory=dict)
    """Figures of held-out data, taken as often as answers are shown."""
    watched: str = "loss"
    """The figure that ends the job when it stops getting better."""
    rising: bool = False
    """Whether more of it is better."""
    shown: Shown | None = None


def carry_out(trainer: Trainer, job: TrainingJob, watch: Watch) -> dict[str, float]:
    """Train, from the newest whole checkpoint on; how it ended. ``Paused`` when that was asked for."""
    report = Report(job, watch)
    for callback in (Seal(), report, Pause()):
        trainer.add_callback(callback)
    trainer.remove_callback(PrinterCallback)  # our own lines say it
    trainer.train(resume_from_checkpoint=processes.agreed(lambda: whole_checkpoint(job.work_dir)))
    if trainer.state.global_step < trainer.state.max_steps and not report.ended_early:
        raise pausing.Paused(trainer.state.global_step)
    return {"steps": float(trainer.state.global_step), "stopped_early": float(report.ended_early)}


class Seal(TrainerCallback):
    """Writes the hash list once a checkpoint's files are all there."""

    def on_save(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        processes.together()
        if processes.first():
            hash_folder(Path(args.output_dir) / f"checkpoint-{state.global_step}")


class Pause(TrainerCallback):
    """Ends the training after a step, with a checkpoint, when the process was asked to pause."""

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        if processes.agreed(pausing.asked) and state.global_step < state.max_steps:
            control.should_save = control.should_training_stop = True


class Report(TrainerCallback):
    """Passes on the figures, shows answers, raises alarms, and stops what has gone wrong or gets no better.

    All that it remembers follows from the figures of the steps done, which are in Trainer's own state: a resumed
    job stops where the uninterrupted one does.
    """

    def __init__(self, job: TrainingJob, watch: Watch) -> None:
        self.watch = watch
        self.every = job.samples_every
        held_out = watch.watched in watch.measured
        window = 1 if held_out else None
        self.plateau = Plateau(job.patience, job.min_gain, rising=watch.rising, window=window)
        self.alarms = Alarms()
        self.tokens = 0.0
        self.began = 0.0
        self.ended_early = False

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        model: Any = None,
        **_: Any,
    ) -> None:
        for row in state.log_history:
            if "figures" in row:
                self.remember(row["step"], row["figures"])
                self.tokens = row["figures"].get("tokens", 0.0)
        if state.global_step == 0 and self.watch.shown and self.due(0, state.max_steps):
            self.watch.shown.show(0, model)

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        self.began = time.monotonic()

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        model: Any = None,
        **_: Any,
    ) -> None:
        logs, step = logs or {}, state.global_step
        values = {ours: float(logs[theirs]) for theirs, ours in self.watch.names.items() if theirs in logs}
        if "loss" not in values:
            return  # the summary at the end
        values |= {name: float(logs[name]) for name in logs if name.startswith("reward/")}
        if "tokens" in values:
            values["tokens_per_second"] = (values["tokens"] - self.tokens) / (time.monotonic() - self.began)
            self.tokens = values["tokens"]
        values |= memory_used()
        if self.due(step, state.max_steps):
            values |= processes.agreed(
                lambda: {name: measure(model) for name, measure in self.watch.measured.items()}
            )
            if self.watch.shown:
                self.watch.shown.show(step, model)
        metrics(step, state.max_steps, values)
        state.log_history[-1]["figures"] = values
        self.stop_when_lost(step, values)
        found, self.ended_early = self.remember(step, values)
        for each in found:
            alarm(each.kind, step, each.message)
        if self.ended_early:
            control.should_training_stop = True

    def due(self, step: int, steps: int) -> bool:
        return bool(self.every) and (step % self.every == 0 or step == steps)

    def remember(self, step: int, values: dict[str, float]) -> tuple[list[Any], bool]:
        """What the step newly shows, and whether the training stands still."""
        value = values.get(self.watch.watched)
        still = value is not None and self.plateau.seen(step, value)
        return self.alarms.seen(values), still

    def stop_when_lost(self, step: int, values: dict[str, float]) -> None:
        if values.get("kl", 0.0) > MAX_KL:
            raise TrainingStopped(
                f"The policy drifted too far at step {step} (KL {values['kl']:.1f}). "
                "Raise 'kl' or lower the learning rate."
            )
        for name, most in self.watch.most.items():
            if abs(values.get(name, 0.0)) > most:
                raise TrainingStopped(
                    f"The training diverged at step {step} ({name} {values[name]:.4g}). Lower the learning rate."
                )


def memory_used() -> dict[str, float]:
    """The most that this process has had, in MB."""
    used = {"memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    if torch.cuda.is_available():
        used["gpu_memory_mb"] = torch.cuda.max_memory_allocated() / 2**20
    return used
