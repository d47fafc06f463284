from dataclasses import replace

import pytest

from nodes.base import Waiting
from nodes.training.reward_model import TrainRewardModel
from nodes.types import PreferencePair, Preferences

PAIRS = Preferences(pairs=(PreferencePair(prompt="a", chosen="b", rejected="c"),))


async def test_it_starts_a_job_with_the_pairs(make_context, training):
    with pytest.raises(Waiting):
        await TrainRewardModel(steps=9).run(replace(make_context(), training=training), PAIRS)
    (job,) = training.started
    assert (job["recipe"], job["model"], job["settings"]["steps"]) == ("reward_model", "starter", 9)
    assert job["data"]["pairs"] == [{"prompt": "a", "chosen": "b", "rejected": "c"}]


async def test_the_reward_model_comes_out(make_context):
    answer = {"ref": "reward-1@1", "kind": "reward", "metrics": {"accuracy": 0.75}}
    assert (await TrainRewardModel().run(make_context(answer=answer), PAIRS)).kind == "reward"
