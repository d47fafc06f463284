"""A recipe in a process of its own: a crash or a lack of memory takes down that job only."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flowbuilder.orphans import die_with_parent


def prepare() -> None:
    """Called in the child. SIGTERM waits until the recipe listens: a pause that is asked for early is no murder."""
    die_with_parent()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])


def command(module: str, config: Path, processes: int) -> list[str]:
    """``torchrun`` where there are several processes: ``accelerate launch`` starts no more than one on processors
    without MPI, and on GPUs starts this.

    For several machines the same is started on each by hand, with one more option that says where the first one is:
    ``torchrun --nnodes 2 --node-rank 0 --master-addr HOST --master-port 29500 --nproc-per-node 4 -m MODULE CONFIG``.
    """
    if processes == 1:
        return [sys.executable, "-m", module, str(config)]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    return [*torchrun, "--nproc-per-node", str(processes), "-m", module, str(config)]


class Child:
    """``lines`` gives the objects it prints, then None. Its stderr goes to the job's log.

    ``processes`` of them train side by side, each on its part of every batch; gloo joins processors, nccl GPUs.
    The child inherits ``held``, descriptors of the lock files that say that it lives.
    """

    def __init__(
        self,
        recipe: str,
        config: Path,
        log: Path,
        processes: int = 1,
        *,
        environment: Mapping[str, str] | None = None,
        held: Sequence[int] = (),
    ) -> None:
        self.lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.first: int | None = None
        """The process that speaks for all, where there are several."""
        self.several = processes > 1
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command(f"flowbuilder.training.recipes.{recipe}", config, processes),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                # Training never looks anything up outside this machine.
                env={
                    **os.environ,
                    "HF_HUB_OFFLINE": "1",
                    "TOKENIZERS_PARALLELISM": "false",
                    **(environment or {}),
                },
                pass_fds=held,
                preexec_fn=prepare,
                start_new_session=True,
            )
        threading.Thread(target=self._read, daemon=True, name="recipe-lines").start()

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        for line in self.process.stdout:
            # Libraries print too; only our own lines are objects with an event.
            with contextlib.suppress(ValueError):
                found = json.loads(line)
                if not isinstance(found, dict) or "event" not in found:
                    continue
                if found["event"] == "process":
                    self.first = found["pid"]
                    continue
                self.lines.put(found)
        self.lines.put(None)

    def wait(self) -> int:
        """Its exit code; negative is the signal that killed it."""
        return self.process.wait(30)

    def pause(self) -> None:
        """It finishes its step, writes a checkpoint, says ``paused`` and ends. Asked twice it does the same."""
        with contextlib.suppress(ProcessLookupError):
            if self.several and self.first is None:
                return  # they have not met yet: whoever asks again is heard
            os.kill(self.first or self.process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """Its whole process group, at once: what counts is in its checkpoints. Others that it started die with it."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
