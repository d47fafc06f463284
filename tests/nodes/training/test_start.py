"""Every node that trains goes on from the version that is wired into 'start'."""

from dataclasses import replace

import pytest

from nodes.base import NodeError, Waiting
from nodes.reward.rewards.length import Length
from nodes.training.fine_tune import FineTune
from nodes.training.preference import TrainPreference
from nodes.training.reward_model import TrainRewardModel
from nodes.training.sft import TrainSft
from nodes.types import Demonstrations, ModelVersion, PreferencePair, Preferences

PAIRS = Preferences(pairs=(PreferencePair(prompt="a", chosen="b", rejected="c"),))
SHOWN = Demonstrations.model_validate({"examples": [{"prompt": "a", "completion": "b"}]})
NODES = [
    (TrainSft(), {"demonstrations": SHOWN}),
    (TrainPreference(), {"preferences": PAIRS}),
    (TrainRewardModel(), {"preferences": PAIRS}),
    (FineTune(rewards=(Length(),)), {}),
]


@pytest.mark.parametrize(("node", "inputs"), NODES, ids=lambda value: type(value).__name__)
async def test_it_starts_from_what_is_wired_in(make_context, training, node, inputs):
    wired = ModelVersion(ref="starter@2")
    with pytest.raises(Waiting):
        await node.run(replace(make_context(), training=training), **inputs, start=wired)
    assert training.started[0]["model"] == "starter@2"


@pytest.mark.parametrize(("node", "inputs"), NODES, ids=lambda value: type(value).__name__)
async def test_a_reward_model_is_no_start(make_context, training, node, inputs):
    wired = ModelVersion(ref="starter-reward@1", kind="reward")
    with pytest.raises(NodeError, match="wire a language model into 'start'"):
        await node.run(replace(make_context(), training=training), **inputs, start=wired)
    assert not training.started
