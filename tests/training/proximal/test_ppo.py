"""Whole jobs of PPO, and a bandit that it must solve."""

import json
import shutil

import pytest

from flowbuilder.training.recipes.ppo import train
from flowbuilder.training.recipes.reporting import TrainingStopped
from tests.training.proximal.small import job, learner


def test_a_model_that_is_written_over_while_it_trains_changes_nothing(small, tmp_path):
    folder = shutil.copytree(small, tmp_path / "base")
    trainer = learner(folder, tmp_path)
    models = (trainer.policy, trainer.reference, trainer.critic)
    before = [weights.clone() for model in models for weights in model.parameters()]
    weights = folder / "model.safetensors"
    size = weights.stat().st_size
    weights.write_bytes(b"\0" * size)
    after = [weights for model in models for weights in model.parameters()]
    assert all(left.equal(right) for left, right in zip(before, after, strict=True))


def figures(capsys, kind="metrics"):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"event"')]
    return [line for line in lines if line["event"] == kind]


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["a", "e"])
def test_it_solves_a_bandit(even, tmp_path, capsys, letter):
    bandit = job(
        even,
        tmp_path,
        judge={"rewards": [{"kind": "pattern", "pattern": f"^{letter}"}]},
        max_new_tokens=1,
        missing_end_penalty=0.0,
        kl=0.0,
        steps=30,
        learning_rate=5e-3,
        critic_learning_rate=5e-3,
    )
    end = train(bandit)
    told = figures(capsys)
    assert told[0]["reward"] < 0.5 and mean_of(told[-5:], "reward") > 0.9
    assert end["reward_after"] == 1.0
    assert end["gain"] == end["reward_after"] - end["reward_before"]


def mean_of(lines, name):
    return sum(line[name] for line in lines) / len(lines)


@pytest.mark.slow
def test_the_kl_penalty_holds_it_back(small, tmp_path, capsys):
    drift = {}
    for weight in (0.0, 5.0):
        folder = tmp_path / str(weight)
        folder.mkdir()
        train(job(small, folder, kl=weight, steps=15, learning_rate=5e-3))
        drift[weight] = mean_of(figures(capsys)[-5:], "kl")
    assert drift[5.0] < drift[0.0] / 2


def test_every_figure_that_the_charts_show_is_told(small, tmp_path, capsys):
    train(job(small, tmp_path, steps=2, samples_every=1))
    (line, _) = figures(capsys)
    assert line.keys() == {
        *("event", "step", "steps", "loss", "reward", "reward_spread", "kl", "entropy", "length", "cut_off"),
        *("repeated", "value_loss", "clip_fraction", "explained_variance", "kl_weight", "grad_norm"),
        *("learning_rate", "tokens", "seconds", "memory_mb", "tokens_per_second", "reward/pattern"),
    }


def test_a_critic_that_diverges_stops_the_job(small, tmp_path):
    with pytest.raises(TrainingStopped, match="Lower the learning rate"):
        train(job(small, tmp_path, steps=20, critic_learning_rate=1e30))
