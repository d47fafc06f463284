"""Recipes in processes of their own, as the job service runs them, but forked from one that has imported torch
and TRL already: seconds instead of a quarter of a minute for each."""

import json
import multiprocessing
import os
import runpy
import sys
import time
from pathlib import Path

RECIPES = (
    "reward_model",
    "sft",
    "dpo",
    "kto",
    "orpo",
    "grpo",
    "rloo",
    "ppo",
    "classifier",
    "evaluate",
    "pretrain",
)
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload([f"flowbuilder.training.recipes.{name}" for name in RECIPES])


def launch(recipe: str, folder: Path, model: Path, **fields):
    """Start a job that lives in ``folder``; there ``out.log`` and ``err.log`` are what it says."""
    prepare(recipe, folder, model, **fields)
    process = context.Process(target=work, args=(recipe, str(folder)))
    process.start()
    return process


def prepare(recipe: str, folder: Path, model: Path, **fields) -> None:
    folder.mkdir(exist_ok=True)
    places = {"out_dir": str(folder / "out"), "work_dir": str(folder / "work")}
    if recipe != "pretrain":  # which starts from nothing
        places["model"] = str(model)
    (folder / "config.json").write_text(json.dumps({**places, **fields}))
    (folder / "out.log").write_text("")


def work(recipe: str, folder: str) -> None:
    for descriptor, name in ((1, "out.log"), (2, "err.log")):
        os.dup2(os.open(Path(folder, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    sys.argv = [recipe, str(Path(folder, "config.json"))]
    runpy.run_module(f"flowbuilder.training.recipes.{recipe}", run_name="__main__", alter_sys=True)


def lines_of(folder: Path, kind: str) -> list[dict]:
    """What the job in the folder has said, of one kind of event."""
    lines = [line for line in (folder / "out.log").read_text().splitlines(keepends=True)]
    found = [json.loads(line) for line in lines if line.startswith('{"event"') and line.endswith("\n")]
    return [line for line in found if line["event"] == kind]


def kill_at(process, folder: Path, step: int) -> None:
    """Without a word of warning, once it has said that the step is done."""
    wait_for(process, folder, step)
    process.kill()
    process.join()


def pause_at(process, folder: Path, step: int) -> None:
    wait_for(process, folder, step)
    process.terminate()
    process.join()


def wait_for(process, folder: Path, step: int) -> None:
    said, size = folder / "out.log", -1
    while process.is_alive():
        if (now := said.stat().st_size) != size:
            size = now
            if any(line["step"] == step for line in lines_of(folder, "metrics")):
                return
        time.sleep(0.002)
