"""One step of the experiment: a process of its own, in a folder of its own, done once.

A recipe that was cut off is started again and goes on from its own last checkpoint.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any


class Steps:
    """Runs at most ``together`` at a time."""

    def __init__(self, together: int) -> None:
        self._slots = BoundedSemaphore(together)

    def run(self, module: str, folder: Path, **config: Any) -> Path:
        """``python -m module config.json`` unless the folder holds it done, with this very config; the folder."""
        text = json.dumps(config, indent=1, default=str, sort_keys=True)
        done, asked = folder / "done.json", folder / "config.json"
        if asked.exists() and asked.read_text() != text:
            shutil.rmtree(folder)
        if done.exists():
            return folder
        folder.mkdir(parents=True, exist_ok=True)
        asked.write_text(text)
        with self._slots:
            started = time.monotonic()
            code, cpu = _child(module, folder)
            spent = {"wall_seconds": round(time.monotonic() - started, 1), "cpu_seconds": round(cpu, 1)}
        if code:
            raise SystemExit(f"{module} failed; see {folder / 'err.log'} and out.log beside it")
        done.write_text(json.dumps(spent))
        return folder

    def recipe(self, name: str, folder: Path, **config: Any) -> Path:
        """A training, as the product runs it: the folder, whose ``out`` is the finished version."""
        places = {"out_dir": folder / "out", "work_dir": folder / "work"}
        return self.run(f"flowbuilder.training.recipes.{name}", folder, **places, **config)


def _child(module: str, folder: Path) -> tuple[int, float]:
    """Its exit code and the CPU seconds it took."""
    one_thread = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    with (folder / "out.log").open("a") as out, (folder / "err.log").open("a") as err:
        child = subprocess.Popen(
            [sys.executable, "-m", module, str(folder / "config.json")],
            stdout=out,
            stderr=err,
            env=os.environ | one_thread,
        )
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, used.ru_utime + used.ru_stime


def said(folder: Path, event: str) -> list[dict[str, Any]]:
    """What a recipe reported. Steps that a cut-off job did twice count once, the last time."""
    found: dict[Any, dict[str, Any]] = {}
    for line in (folder / "out.log").read_text().splitlines():
        if line.startswith('{"event"') and (told := json.loads(line))["event"] == event:
            found[told.get("step")] = told
    return list(found.values())


@dataclass(frozen=True)
class Trained:
    """A finished training as the gate looks at it."""

    ref: str
    metrics: dict[str, float]


def figures(folder: Path) -> dict[str, float]:
    """The metrics of a finished training."""
    return dict(said(folder, "finished")[-1]["metrics"])
