"""The weighted mean, its parts, and the reward model beside the rules."""

import pytest
from pydantic import ValidationError

from nodes.reward.score import RewardScore

SHORT = {"kind": "length", "most": 4, "weight": 3}


async def test_the_score_is_the_weighted_mean_with_its_parts(make_context):
    node = RewardScore(rewards=[SHORT, {"kind": "exact"}])
    reports = []
    score = await node.run(make_context(report=lambda *args: reports.append(args)), "yes", reference="no")
    assert score.value == pytest.approx(0.75)
    assert [(part.name, part.value, part.weight) for part in score.parts] == [
        ("length", 1, 3),
        ("exact", 0, 1),
    ]
    assert score.parts[1].reason == "differs from the reference"
    assert reports == [("metric", {"score": score.value})]


async def test_a_reward_model_is_squashed_into_the_mean(make_context, models):
    models.rewards = {"yes": 2.0}
    node = RewardScore(rewards=[{"kind": "learned", "model": "taste@1"}])
    score = await node.run(make_context(), "yes", prompt="ok?")
    assert score.value == pytest.approx(0.8808, abs=1e-4)
    assert str(score) == "0.881"


@pytest.mark.parametrize("rewards", [[], [{"kind": "vibes"}], [{"kind": "length", "weight": 0}]])
def test_what_is_no_list_of_rewards_is_refused(rewards):
    with pytest.raises(ValidationError, match="rewards"):
        RewardScore(rewards=rewards)


def test_the_form_can_tell_the_kinds_apart():
    schema = RewardScore.model_json_schema()["properties"]["rewards"]
    assert schema["x-widget"] == "rewards"
    assert set(schema["items"]["discriminator"]["mapping"]) == {
        "valid_json", "pattern", "length", "similarity", "exact", "learned",
    }  # fmt: skip
