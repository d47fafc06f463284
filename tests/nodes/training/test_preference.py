from dataclasses import replace

import pytest

from nodes.base import Waiting
from nodes.training.preference import TrainPreference
from nodes.types import PreferencePair, Preferences

PAIRS = Preferences(pairs=(PreferencePair(prompt="a", chosen="b", rejected="c"),))


@pytest.mark.parametrize("recipe", ["dpo", "kto", "orpo"])
async def test_it_starts_a_job_with_the_pairs(make_context, training, recipe):
    with pytest.raises(Waiting):
        await TrainPreference(recipe=recipe, beta=0.2).run(replace(make_context(), training=training), PAIRS)
    (job,) = training.started
    assert (job["recipe"], job["model"], job["settings"]["beta"]) == (recipe, "starter", 0.2)
    assert job["data"]["pairs"] == [{"prompt": "a", "chosen": "b", "rejected": "c"}]
    assert not {"recipe", "model"} & job["settings"].keys()


async def test_the_new_version_comes_out(make_context):
    answer = {"ref": "starter@2", "kind": "causal", "metrics": {"accuracy_after": 0.75}}
    assert (await TrainPreference().run(make_context(answer=answer), PAIRS)).ref == "starter@2"
