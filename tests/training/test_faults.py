"""A disk that is full, and a kill in the middle of a checkpoint: the last good one is kept and gone on from."""

import os
import pathlib
import shutil
import signal
import subprocess

import pytest
import torch

from flowbuilder.training.recipes import checkpoints
from flowbuilder.training.recipes.checkpoints import hashes_hold
from tests.training.launch import context, lines_of, prepare, work
from tests.training.small_jobs import ORDERS, assert_same, end, run, start

pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path):
    """``tmp_path/work`` on a disk of its own, of 64 MB."""
    folder = tmp_path / "work"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("kind", ["sft", "ppo", "pretrain"])
def test_a_full_disk_is_named_and_the_job_goes_on_once_there_is_room(
    tmp_path, tiny_model, whole, small_disk, kind
):
    checkpoint = whole(kind) / "work" / "checkpoint-6"
    size = sum(path.stat().st_size for path in checkpoint.rglob("*"))
    filler = small_disk / "filler"
    with filler.open("wb") as file:
        # Room for one checkpoint and a half, beside what else is written there.
        file.write(bytes(shutil.disk_usage(small_disk).free - int(1.5 * size) - 2**16))
    small = {"keep_checkpoints": 2} if kind == "pretrain" else {}
    process = start(kind, tmp_path, tiny_model, steps=6, **small)
    process.join()
    assert process.exitcode == 1, (tmp_path / "err.log").read_text()[-2000:]
    (failed,) = lines_of(tmp_path, "failed")
    seen = lines_of(tmp_path, "metrics")
    kept = [path for path in small_disk.glob("checkpoint-*")]
    assert len(kept) == 1 and hashes_hold(kept[0])
    step = int(kept[0].name.removeprefix("checkpoint-"))
    assert (
        f"The disk is full: what was to be saved could not be written. The checkpoint of step {step} is kept"
        in (failed["error"])
    )
    filler.unlink()
    resumed = run(kind, tmp_path, tiny_model, steps=6, **small)
    assert resumed[0]["step"] == step + 1
    assert_same(whole(kind), tmp_path, [*seen, *resumed])


DEATHS = {
    "weights are there, the optimizer is not": (torch, "save", ["sft", "ppo", "pretrain"]),
    "all is there but its hash list": (checkpoints, "digest", ["sft", "ppo", "pretrain"]),
    "all is there and not yet in its place": (pathlib.Path, "rename", ["ppo", "pretrain"]),
}
"""Where in the second checkpoint the process dies: in a call of what."""


def dying(recipe: str, folder: str, death: str) -> None:
    owner, name, _ = DEATHS[death]
    function, first = getattr(owner, name), pathlib.Path(folder, "work", "checkpoint-2", "SHA256SUMS")

    def last_call(*args, **named):
        if first.exists():
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **named)

    setattr(owner, name, last_call)
    work(recipe, folder)


@pytest.mark.parametrize(
    ("death", "kind"), [(death, kind) for death, (_, _, kinds) in DEATHS.items() for kind in kinds]
)
def test_a_kill_while_a_checkpoint_is_written_costs_that_one_alone(tmp_path, tiny_model, whole, death, kind):
    prepare(kind, tmp_path, tiny_model, **ORDERS[kind], steps=6)
    process = context.Process(target=dying, args=(kind, str(tmp_path), death))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL, (tmp_path / "err.log").read_text()[-2000:]
    seen = lines_of(tmp_path, "metrics")
    whole_ones = [path.name for path in (tmp_path / "work").glob("checkpoint-*") if hashes_hold(path)]
    assert whole_ones == ["checkpoint-2"] and seen[-1]["step"] == 4
    resumed = run(kind, tmp_path, tiny_model, steps=6)
    assert resumed[0]["step"] == 3 and not lines_of(tmp_path, "alarm")
    assert_same(whole(kind), tmp_path, [*seen, *resumed])
    assert end(tmp_path)["steps"] == 6
