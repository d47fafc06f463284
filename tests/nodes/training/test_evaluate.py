"""An evaluation is ordered once, the run parks, and the report comes out."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Waiting
from nodes.training.evaluate import Evaluate
from nodes.types import EvaluationReport, ModelVersion, PromptLine, Prompts, WinRate

AFTER = ModelVersion(ref="starter@2")
WON = WinRate(by="rewards", wins=3, losses=1, ties=0, rate=0.75, low=0.3, high=0.95, p=0.6)
REPORT = EvaluationReport(before="starter@1", after="starter@2", prompts=4, wins=(WON,))


async def test_it_orders_what_is_wired_in_and_waits(make_context, training):
    node = Evaluate(rewards=[{"kind": "exact"}], judge="starter", samples=2)
    wired = Prompts(lines=(PromptLine(prompt="A van?", reference="{}"),), source="support@3")
    before, taste = ModelVersion(ref="starter@1"), ModelVersion(ref="taste@1", kind="reward")
    with pytest.raises(Waiting):
        await node.run(replace(make_context(), training=training), AFTER, before, taste, wired)
    (job,) = training.started
    assert (job["recipe"], job["model"], job["settings"]["samples"]) == ("evaluate", "starter@2", 2)
    data = job["data"]
    assert data.pop("rewards")[0]["kind"] == "exact"
    assert data == {
        "before": "starter@1",
        "prompts": [{"prompt": "A van?", "reference": "{}"}],
        "source": "support@3",
        "reward_model": "taste@1",
        "judge": "starter",
    }
    assert not {"judge", "prompts", "rewards", "baseline"} & job["settings"].keys()


async def test_unwired_it_takes_its_settings(make_context, training):
    with pytest.raises(Waiting):
        await Evaluate(prompts="One?\nTwo?", baseline="mine@1").run(
            replace(make_context(), training=training), AFTER
        )
    data = training.started[0]["data"]
    assert (data["before"], len(data["prompts"]), data["judge"]) == ("mine@1", 2, None)


async def test_the_report_comes_out(make_context, training):
    reports = []
    answer = {"report": REPORT.model_dump(mode="json"), "job": "a-job"}
    ctx = replace(make_context(answer=answer, report=lambda *args: reports.append(args)), training=training)
    found = await Evaluate().run(ctx, AFTER)
    assert found == REPORT.model_copy(update={"job": "a-job"}) and training.started == []
    assert reports == [("metric", {"win rate by rewards": 0.75, "worse": 0, "improved": 0})]


@pytest.mark.parametrize(
    ("answer", "why"),
    [({"error": "no memory"}, "no memory"), ({"job": "x"}, "no report"), ({"report": 1}, "no report")],
)
async def test_an_evaluation_without_a_report_fails_the_node(make_context, answer, why):
    with pytest.raises(NodeError, match=why):
        await Evaluate().run(make_context(answer=answer), AFTER)


async def test_what_cannot_be_measured_is_refused(make_context):
    with pytest.raises(NodeError, match="nothing to measure on"):
        await Evaluate().run(make_context(), AFTER, prompts=Prompts())
    with pytest.raises(NodeError, match="'starter@2' is a causal model"):
        await Evaluate().run(make_context(), AFTER, reward_model=AFTER)


@pytest.mark.parametrize("wrong", [{"prompts": "\n"}, {"json_schema": "{"}, {"json_schema": '{"type": 3}'}])
def test_settings_are_checked_where_they_are_written(wrong):
    with pytest.raises(ValidationError):
        Evaluate(**wrong)
