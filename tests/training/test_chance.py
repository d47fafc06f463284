import pytest

from flowbuilder.modelhub.models import Model, ModelVersion
from flowbuilder.training.chance import near_chance


def measured(**metrics):
    return ModelVersion(model=Model(name="taste"), number=1, metrics=metrics)


def test_a_reward_model_that_guesses_is_named_with_its_accuracy():
    why = near_chance(measured(accuracy=0.54, held_out_pairs=200))
    assert why == "Reward model 'taste@1' is right on 54% of held-out pairs, near chance."


def test_more_may_be_wanted():
    why = near_chance(measured(accuracy=0.65, held_out_pairs=200), least=0.7)
    assert why == "Reward model 'taste@1' is right on 65% of held-out pairs, where 70% are wanted."


@pytest.mark.parametrize(
    "metrics", [{"accuracy": 0.6, "held_out_pairs": 200}, {"accuracy": 0.2, "held_out_pairs": 9}, {}]
)
def test_one_that_learned_something_or_was_hardly_measured_is_not(metrics):
    assert near_chance(measured(**metrics)) == ""
