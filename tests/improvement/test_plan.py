"""How much feedback there is decides what would be trained, and whether anything can be."""

import pytest

from flowbuilder.feedback.models import Kind, Rating
from flowbuilder.improvement.plan import LEAST_DEMONSTRATIONS, LEAST_PAIRS, plan_for

pytestmark = pytest.mark.django_db


def kinds(plan, *choices) -> list[str]:
    return [step.kind for step in plan.steps(*choices)]


def test_without_feedback_it_says_what_is_missing(flow):
    plan = plan_for(flow)
    assert not plan.is_ready and plan.model.ref == "starter@1"
    assert plan.missing == (
        f"There are 0 pairs of a better and a worse answer, and {LEAST_PAIRS} are needed.",
    )


def test_pairs_about_one_question_alone_leave_nothing_to_judge_by(flow, rate):
    rate(LEAST_PAIRS, questions=2)
    (why,) = plan_for(flow).missing
    assert "2 different questions" in why


def test_enough_pairs_train_a_reward_model_and_practise_on_it(flow, rate):
    rate(LEAST_PAIRS)
    plan = plan_for(flow)
    assert plan.is_ready and (plan.pairs, plan.prompts, plan.people) == (LEAST_PAIRS, LEAST_PAIRS, 1)
    assert kinds(plan) == ["reward_model", "practice"]
    assert kinds(plan, "dpo") == ["preference"]


def test_demonstrations_are_taught_first(flow, rate):
    rate(LEAST_PAIRS)
    rate(LEAST_DEMONSTRATIONS, kind=Kind.DEMONSTRATION)
    assert kinds(plan_for(flow), "ppo") == ["sft", "reward_model", "practice"]


def test_more_effort_takes_more_steps(flow, rate):
    rate(100)
    plan = plan_for(flow)
    told = [
        [step.settings["steps"] for step in plan.steps("grpo", effort)]
        for effort in ("quick", "normal", "thorough")
    ]
    assert told[0] < told[1] < told[2]


def test_what_was_said_of_another_flow_or_skipped_does_not_count(flow, rate, asker):
    rate(3, kind=Kind.SKIP)
    Rating.objects.create(
        workspace=flow.workspace,
        kind=Kind.PAIR,
        prompt="a",
        answer="b",
        others=[{"answer": "c", "model": ""}],
    )
    plan = plan_for(flow)
    assert (plan.ratings, plan.pairs) == (0, 0)


def test_the_model_that_most_ratings_are_about_is_improved(flow, rate):
    (asks,) = [spec for spec in flow.graph["nodes"] if spec["type"].startswith("language.")]
    flow.graph["nodes"].append({**asks, "id": "second", "settings": {"model": "nowhere"}})
    rate(2, node_id=asks["id"])
    assert plan_for(flow).model.ref == "starter@1"
    rate(3, node_id="second")
    plan = plan_for(flow)
    assert plan.model is None and "There is no model 'nowhere'" in plan.missing[0]


def test_the_gate_s_wish_for_more_questions_is_told_ahead(flow, rate):
    rate(40)
    (caution,) = plan_for(flow).cautions
    assert "About 8 of the 40 questions" in caution and "asks for 20" in caution
    rate(100)
    assert plan_for(flow).cautions == ()


def test_a_flow_without_a_model_cannot_be_improved(flow, rate):
    rate(LEAST_PAIRS)
    flow.graph = {"nodes": [{"id": "start_1", "type": "flow.start"}], "wires": [], "notes": []}
    assert plan_for(flow).missing == ("The flow asks no language model, so there is none to improve.",)
