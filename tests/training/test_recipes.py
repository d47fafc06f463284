"""The recipes on a tiny model: they learn, they resume bit for bit, they stop what goes wrong."""

import json
import os
import signal
import subprocess
import sys

import pytest
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

from flowbuilder.training.recipes.checkpoints import hashes_hold

pytestmark = pytest.mark.slow


def job(recipe, folder, tiny_model, **fields):
    """Write the job's configuration and give the command that runs it."""
    folder.mkdir(exist_ok=True)
    config = {
        "model": str(tiny_model),
        "out_dir": str(folder / "out"),
        "work_dir": str(folder / "work"),
        **fields,
    }
    (folder / "config.json").write_text(json.dumps(config))
    return [sys.executable, "-m", f"flowbuilder.training.recipes.{recipe}", str(folder / "config.json")]


def lines_of(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines() if line.startswith('{"event"')]


def run(command) -> list[dict]:
    finished = subprocess.run(command, capture_output=True, text=True)
    found = lines_of(finished.stdout)
    assert finished.returncode == 0, [*found[-1:], finished.stderr[-2000:]]
    return found


def of(kind: str, lines: list[dict]) -> list[dict]:
    return [line for line in lines if line["event"] == kind]


RL = {
    "prompts": [{"prompt": "Say something."}, {"prompt": "Say more."}],
    "judge": {"rewards": [{"kind": "length", "most": 10}]},
    "prompts_per_step": 2,
    "answers_per_prompt": 4,
    "max_new_tokens": 16,
    "learning_rate": 1e-3,
    "save_every": 2,
}
EXAMPLES = [{"prompt": f"Say {number}.", "completion": f"{number}"} for number in range(24)]
WRITTEN = {"batch_size": 4, "learning_rate": 1e-3, "save_every": 2, "held_out": 0.25}
SFT = {"examples": EXAMPLES, **WRITTEN}
ORDERS = {"grpo": RL, "ppo": RL, "sft": SFT, "sft with LoRA": {**SFT, "lora_rank": 4}}
"""A small job of each kind; a name's first word is its recipe."""
every = pytest.mark.parametrize("kind", list(ORDERS))
SAME = ("loss", "reward", "kl", "length", "accuracy", "margin", "grad_norm")


@pytest.fixture
def rl():
    return dict(RL)


def order(kind, folder, tiny_model, **fields):
    return job(kind.split()[0], folder, tiny_model, **ORDERS[kind] | fields)


def test_a_reward_model_learns_the_taste(tmp_path, tiny_model, pairs):
    lines = run(
        job("reward_model", tmp_path, tiny_model, pairs=pairs, steps=30, learning_rate=1e-2, held_out=0.25)
    )
    assert of("finished", lines)[0]["metrics"]["accuracy"] == 1.0
    figures = of("metrics", lines)
    assert [line["step"] for line in figures] == list(range(1, 31))
    assert figures[-1]["loss"] < figures[0]["loss"] / 2
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out")
    assert model.config.num_labels == 1 and hashes_hold(tmp_path / "out")


@every
def test_an_interrupted_job_goes_on_as_if_nothing_had_been(tmp_path, tiny_model, kind):
    whole = run(order(kind, tmp_path / "whole", tiny_model, steps=6))
    command = order(kind, tmp_path / "cut", tiny_model, steps=6)
    first = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    seen = ""
    for line in first.stdout:
        seen += line
        if '"step": 5' in line:
            os.killpg(first.pid, signal.SIGKILL)
            break
    first.wait()
    second = run(command)
    resumed = of("metrics", second)
    assert resumed[0]["step"] == 5  # from the checkpoint of step 4
    wanted = {line["step"]: line for line in of("metrics", whole)}
    for line in [*of("metrics", lines_of(seen)), *resumed]:
        for name in SAME:
            assert line.get(name) == wanted[line["step"]].get(name), (name, line["step"])
    assert of("finished", whole) == of("finished", second)
    left, right = (load_file(tmp_path / part / "out" / "model.safetensors") for part in ("whole", "cut"))
    assert all(left[name].equal(right[name]) for name in left)


@every
def test_a_broken_checkpoint_is_passed_over(tmp_path, tiny_model, kind):
    command = order(kind, tmp_path, tiny_model, steps=4)
    run(command)
    (newest,) = [path for path in (tmp_path / "work").iterdir() if path.name.endswith("4")]
    weights = next(newest.glob("*model.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\1\2\3")
    assert [line["step"] for line in of("metrics", run(command))] == [3, 4]


@every
def test_a_training_that_diverges_stops_with_the_reason(tmp_path, tiny_model, kind):
    held = {"kl": 0.5} if "judge" in ORDERS[kind] else {}
    command = order(kind, tmp_path, tiny_model, steps=40, learning_rate=1e6, **held)
    finished = subprocess.run(command, capture_output=True, text=True)
    last = lines_of(finished.stdout)[-1]
    assert finished.returncode == 1 and last["event"] == "failed", [last, finished.stderr[-2000:]]
    assert "earning rate" in last["error"]
    assert len(of("metrics", lines_of(finished.stdout))) < 20


# No adapter stands beside the embeddings, where nearly all of a tiny model is.
@pytest.mark.parametrize(("rank", "gain"), [(0, 3), (8, 0.05)])
def test_demonstrations_are_learned(tmp_path, tiny_model, rank, gain):
    lines = run(order("sft", tmp_path, tiny_model, steps=60, learning_rate=2e-2, lora_rank=rank))
    end = of("finished", lines)[0]["metrics"]
    assert end["loss_after"] < end["loss_before"] - gain
    assert (end["examples"], end["held_out_examples"]) == (18, 6)
    assert hashes_hold(tmp_path / "out") and not list((tmp_path / "out").glob("adapter*"))
    AutoModelForCausalLM.from_pretrained(tmp_path / "out")


@pytest.mark.parametrize("recipe", ["grpo", "ppo"])
def test_practice_raises_the_reward(tmp_path, tiny_model, rl, recipe):
    # About three in ten of a random model's answers have a "w" in them.
    rl |= {"judge": {"rewards": [{"kind": "pattern", "pattern": "w"}]}, "answers_per_prompt": 16}
    rl |= {"learning_rate": 2e-2, "kl": 1e-3, "save_every": 100}
    lines = run(job(recipe, tmp_path, tiny_model, **rl, steps=25))
    figures = of("metrics", lines)
    first, last = (sum(line["reward"] for line in part) / 5 for part in (figures[:5], figures[-5:]))
    assert last > first + 0.3
    assert of("sample", lines) and {"kl", "entropy", "length", "repeated"} <= figures[0].keys()


def test_a_bad_configuration_is_named(tmp_path, tiny_model):
    finished = subprocess.run(
        job("grpo", tmp_path, tiny_model, prompts=[], judge={}), capture_output=True, text=True
    )
    assert finished.returncode == 1 and "prompts" in lines_of(finished.stdout)[-1]["error"]
