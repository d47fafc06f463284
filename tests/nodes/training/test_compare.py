from nodes.training.compare import Compare
from nodes.types import ModelVersion

AFTER = ModelVersion(ref="starter@2")


async def test_both_versions_answer_each_prompt(make_context, models):
    models.answers = ["old", "new"]
    text = await Compare(prompts="One?\nTwo?").run(make_context(), AFTER)
    assert [(call["model"], call["prompt"]) for call in models.calls] == [
        ("starter", "One?"), ("starter@2", "One?"), ("starter", "Two?"), ("starter@2", "Two?"),
    ]  # fmt: skip
    assert text.startswith("### One?\n\n**starter**: old\n\n**starter@2**: new\n\n### Two?")


async def test_with_rewards_it_says_the_gain(make_context, models):
    models.answers = ["old", "new!"]
    reports = []
    node = Compare(prompts="One?", rewards=[{"kind": "length", "least": 4}])
    text = await node.run(
        make_context(report=lambda *args: reports.append(args)), AFTER, ModelVersion(ref="mine@1")
    )
    assert text.startswith("Mean reward: mine@1 0.750, starter@2 1.000")
    assert reports == [("metric", {"before": 0.75, "after": 1.0, "gain": 0.25})]
