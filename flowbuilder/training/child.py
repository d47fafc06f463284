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
from pathlib import Path
from typing import Any

from flowbuilder.orphans import die_with_parent


class Child:
    """``lines`` gives the objects it prints, then None. Its stderr goes to the job's log."""

    def __init__(self, recipe: str, config: Path, log: Path) -> None:
        self.lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"flowbuilder.training.recipes.{recipe}", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                # Training never looks anything up outside this machine.
                env={**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
                preexec_fn=die_with_parent,
                start_new_session=True,
            )
        threading.Thread(target=self._read, daemon=True, name="recipe-lines").start()

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - for the type checker
        for line in self.process.stdout:
            # Libraries print too; only our own lines are objects with an event.
            with contextlib.suppress(ValueError):
                found = json.loads(line)
                if isinstance(found, dict) and "event" in found:
                    self.lines.put(found)
        self.lines.put(None)

    def wait(self) -> int:
        """Its exit code; negative is the signal that killed it."""
        return self.process.wait(30)

    def kill(self) -> None:
        """Its whole process group, at once: what counts is in its checkpoints."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
