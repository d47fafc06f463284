"""Two processes that train side by side, joined by gloo: as one process, and as hard to kill."""

import json
import os
import shutil
import signal

import psutil
import pytest
from safetensors.torch import load_file

from flowbuilder.training.child import Child
from flowbuilder.training.recipes import processes
from flowbuilder.training.recipes.checkpoints import hashes_hold
from tests.training.small_jobs import ORDERS, run

pytestmark = pytest.mark.slow
EVEN = {"held_out": 1 / 3}
"""Leaves sixteen rows: batches of four without a rest."""


@pytest.fixture(scope="module")
def calm_model(tiny_model, tmp_path_factory):
    """Without dropout, which every process draws for itself."""
    folder = tmp_path_factory.mktemp("calm")
    shutil.copytree(tiny_model, folder, dirs_exist_ok=True)
    config = json.loads((folder / "config.json").read_text())
    assert config["resid_pdrop"]
    (folder / "config.json").write_text(
        json.dumps(config | dict.fromkeys(["resid_pdrop", "embd_pdrop", "attn_pdrop"], 0.0))
    )
    return folder


def together(kind: str, folder, model, **fields) -> Child:
    """The job in two processes, as a worker starts it."""
    folder.mkdir(exist_ok=True)
    places = {"model": str(model), "out_dir": str(folder / "out"), "work_dir": str(folder / "work")}
    (folder / "config.json").write_text(json.dumps({**places, **ORDERS[kind], **fields}))
    return Child(kind.split()[0], folder / "config.json", folder / "log", processes=2)


def lines(child: Child, *, until: str = "", step: int = 0) -> list[dict]:
    """What it says up to its end, or up to the event of that step."""
    found = []
    while line := child.lines.get(timeout=240):
        found.append(line)
        if until and line["event"] == until and line["step"] >= step:
            break
    return found


def of(said: list[dict], kind: str) -> list[dict]:
    return [line for line in said if line["event"] == kind]


def finished(child: Child, folder) -> list[dict]:
    said = lines(child)
    assert child.wait() == 0, (folder / "log").read_text()[-3000:]
    return said


@pytest.fixture(scope="module")
def whole(calm_model, tmp_path_factory):
    """A whole job of two processes: its folder and what it said."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, finished(together("sft", folder, calm_model, steps=8, **EVEN), folder)


def assert_alike(kind, folder, said, one_folder, model):
    """One process learns the same from the same rows."""
    one, two = run(kind, one_folder, model, steps=8, **EVEN), of(said, "metrics")
    assert [line["step"] for line in two] == list(range(1, 9))
    assert [line["loss"] for line in two] == pytest.approx([line["loss"] for line in one], rel=1e-4)
    assert [line["tokens"] for line in two] == [line["tokens"] for line in one]
    assert len(of(said, "finished")) == 1 and hashes_hold(folder / "out")
    left, right = (load_file(each / "out" / "model.safetensors") for each in (one_folder, folder))
    for name in left:
        assert left[name].allclose(right[name], atol=1e-4), name


def test_two_learn_demonstrations_as_one_does(tmp_path, calm_model, whole):
    assert_alike("sft", *whole, tmp_path / "one", calm_model)


def test_two_learn_preferences_as_one_does(tmp_path, calm_model):
    kind, folder = "dpo with LoRA", tmp_path / "two"
    said = finished(together(kind, folder, calm_model, steps=8, **EVEN), folder)
    assert_alike(kind, folder, said, tmp_path / "one", calm_model)


def test_two_that_are_paused_and_killed_go_on_as_if_nothing_had_been(tmp_path, calm_model, whole):
    wanted = {line["step"]: line["loss"] for line in of(whole[1], "metrics")}

    child = together("sft", tmp_path, calm_model, steps=8, save_every=100, **EVEN)
    said = lines(child, until="metrics", step=2)
    child.pause()
    said += lines(child)
    assert child.wait() == 0 and not of(said, "finished")
    (paused,) = of(said, "paused")
    assert paused["step"] == of(said, "metrics")[-1]["step"] < 8

    child = together("sft", tmp_path, calm_model, steps=8, save_every=1, **EVEN)
    resumed = lines(child, until="metrics", step=paused["step"] + 1)
    assert of(resumed, "metrics")[0]["step"] == paused["step"] + 1
    everybody = psutil.Process(child.process.pid).children(recursive=True)
    assert len(everybody) >= 2
    os.kill(child.first, signal.SIGKILL)  # one of them, and the others follow
    resumed += lines(child)
    assert child.wait() != 0
    _, alive = psutil.wait_procs(everybody, timeout=10)
    assert not alive, "a process outlived the job"

    last = finished(together("sft", tmp_path, calm_model, steps=8, save_every=2, **EVEN), tmp_path)
    for line in of([*said, *resumed, *last], "metrics"):
        assert line["loss"] == wanted[line["step"]], line["step"]
    left, right = (load_file(folder / "out" / "model.safetensors") for folder in (whole[0], tmp_path))
    assert all(left[name].equal(right[name]) for name in left)


def test_what_several_cannot_do_is_refused_with_the_reason(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert processes.share(8, "batch_size") == 4
    with pytest.raises(ValueError, match="'batch_size' is 3, which 2 processes cannot share"):
        processes.share(3, "batch_size")
    with pytest.raises(ValueError, match="PPO trains in one process"):
        processes.refuse_several("PPO")
