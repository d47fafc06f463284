"""A job is started once, the run parks, and what the job says comes out."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Waiting
from nodes.training.fine_tune import FineTune
from nodes.types import ModelVersion, PromptLine, Prompts

TASTE = ModelVersion(ref="taste@1", kind="reward")


async def test_it_starts_a_job_and_waits(make_context, training):
    node = FineTune(
        recipe="ppo", prompts='Make a parcel record.\n{"prompt": "a\\nb", "reference": "{}"}', steps=7
    )
    with pytest.raises(Waiting) as waiting:
        await node.run(replace(make_context(), training=training), TASTE)
    assert (waiting.value.key, waiting.value.about["job"]) == ("job-1", "job-1")
    (job,) = training.started
    assert (job["recipe"], job["model"], job["settings"]["steps"]) == ("ppo", "starter", 7)
    assert job["data"] == {
        "prompts": [
            {"prompt": "Make a parcel record.", "reference": ""},
            {"prompt": "a\nb", "reference": "{}"},
        ],
        "source": "",
        "rewards": [],
        "reward_model": "taste@1",
    }


async def test_wired_prompts_stand_in_place_of_the_setting(make_context, training):
    wired = Prompts(lines=(PromptLine(prompt="A van?", reference="{}"),), source="support@3")
    with pytest.raises(Waiting):
        await FineTune(prompts="no").run(replace(make_context(), training=training), TASTE, wired)
    data = training.started[0]["data"]
    assert data["prompts"] == [{"prompt": "A van?", "reference": "{}"}] and data["source"] == "support@3"
    with pytest.raises(NodeError, match="nothing to practise on"):
        await FineTune().run(make_context(), TASTE, Prompts())


async def test_the_new_version_comes_out(make_context, training):
    answer = {"ref": "starter@3", "kind": "causal", "metrics": {"reward": 0.8}}
    reports = []
    ctx = replace(make_context(answer=answer, report=lambda *args: reports.append(args)), training=training)
    version = await FineTune().run(ctx, TASTE)
    assert version == ModelVersion(ref="starter@3", metrics={"reward": 0.8})
    assert reports == [("metric", {"reward": 0.8})] and training.started == []


@pytest.mark.parametrize(
    ("answer", "why"),
    [({"error": "out of memory"}, "out of memory"), ({"kind": "causal"}, "not a model version")],
)
async def test_a_job_that_made_nothing_fails_the_node(make_context, answer, why):
    with pytest.raises(NodeError, match=why):
        await FineTune().run(make_context(answer=answer), TASTE)


async def test_rules_alone_are_enough_and_travel_with_the_job(make_context, training):
    with pytest.raises(Waiting):
        await FineTune(rewards=[{"kind": "exact"}]).run(replace(make_context(), training=training))
    assert training.started[0]["data"]["rewards"][0]["kind"] == "exact"
    assert training.started[0]["data"]["reward_model"] is None


async def test_what_an_order_names_of_ppo_travels_and_the_rest_is_left_to_the_recipe(make_context, training):
    with pytest.raises(Waiting):
        await FineTune(recipe="ppo", target_kl=0.2, epochs=2, lora_rank=8).run(
            replace(make_context(), training=training), TASTE
        )
    settings = training.started[0]["settings"]
    assert (settings["target_kl"], settings["epochs"], settings["lora_rank"]) == (0.2, 2, 8)
    assert "clip" not in settings and "critic_learning_rate" not in settings


@pytest.mark.parametrize("recipe", ["grpo", "rloo"])
def test_what_only_ppo_has_is_refused_elsewhere(recipe):
    with pytest.raises(ValidationError, match="'clip' is a setting of PPO"):
        FineTune(recipe=recipe, clip=0.1)


async def test_without_any_reward_it_says_what_would_work(make_context):
    with pytest.raises(NodeError, match="wire in a reward model"):
        await FineTune().run(make_context())


async def test_a_model_that_gives_no_scores_is_refused(make_context):
    with pytest.raises(NodeError, match="'starter@2' is a causal model"):
        await FineTune().run(make_context(), ModelVersion(ref="starter@2"))


@pytest.mark.parametrize(
    ("prompts", "why"), [("\n", "no prompts"), ("ok\n{x", "line 2"), ('{"promt": "a"}', "line 1")]
)
def test_bad_prompts_are_named(prompts, why):
    with pytest.raises(ValidationError, match=why):
        FineTune(prompts=prompts)
