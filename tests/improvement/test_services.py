"""The flow that trains: sound whatever was chosen, started or only made."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.engine.validate import problems
from flowbuilder.feedback.models import Kind
from flowbuilder.flows.nodes import catalogue
from flowbuilder.flows.services import parse_graph
from flowbuilder.improvement.models import Improvement
from flowbuilder.improvement.plan import LEAST_DEMONSTRATIONS, LEAST_PAIRS
from flowbuilder.improvement.progress import stages
from flowbuilder.improvement.services import improve

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("taught", [False, True])
@pytest.mark.parametrize("recipe", ["grpo", "ppo", "rloo", "dpo"])
def test_the_flow_has_no_problem(asker, flow, rate, recipe, taught):
    rate(LEAST_PAIRS)
    if taught:
        rate(LEAST_DEMONSTRATIONS, kind=Kind.DEMONSTRATION)
    made = improve(asker=asker, flow=flow, recipe=recipe, start=False)
    graph = parse_graph(made.trainer.graph)
    assert problems(graph, catalogue()) == []
    types = [node.type for node in graph.nodes]
    assert types.count("data.collect") == 1 + taught and ("training.sft" in types) is taught
    assert types[-3:] == ["training.evaluate", "training.gate", "flow.reply"]
    assert made.run is None and stages(made) == []


def test_pressing_the_button_starts_the_flow(asker, flow, rate):
    rate(LEAST_PAIRS)
    made = improve(asker=asker, flow=flow)
    assert made.trainer.name == "Improve Mock bot" and made.run.flow == made.trainer
    assert {stage.status for stage in stages(made)} == {"pending"}
    assert Improvement.objects.visible_to(asker).get() == made


def test_too_little_feedback_makes_nothing(asker, flow, rate):
    rate(LEAST_PAIRS - 1)
    with pytest.raises(ApiError, match="are needed"):
        improve(asker=asker, flow=flow)
    assert not Improvement.objects.exists()
