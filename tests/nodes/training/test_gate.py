"""What passes goes on and may be promoted; what does not says why."""

from dataclasses import dataclass, field, replace

import pytest

from nodes.base import NodeError
from nodes.training.gate import Gate
from nodes.types import EvaluationReport, ModelVersion

AFTER = ModelVersion(ref="starter@2")
REPORT = EvaluationReport(before="starter@1", after="starter@2", prompts=4, job="a-job")


@dataclass
class FakePromotion:
    against: list[str] = field(default_factory=list)
    promoted: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def refusals(self, evaluation, version):
        self.asked.append((evaluation, version))
        return self.against

    async def promote(self, version, alias):
        self.promoted.append((version, alias))


async def test_what_passes_goes_on_and_is_promoted_where_that_is_set(make_context):
    gate = FakePromotion()
    ctx = replace(make_context(), promotion=gate)
    decision = await Gate().run(ctx, REPORT, AFTER)
    assert (decision.passed, decision.refused) == (AFTER, None)
    assert decision.verdict.startswith("**starter@2 passes the gate.**") and str(REPORT) in decision.verdict
    assert (gate.asked, gate.promoted) == ([("a-job", "starter@2")], [])
    decision = await Gate(promote=True, alias="staging").run(ctx, REPORT, AFTER)
    assert "and is now staging" in decision.verdict
    assert gate.promoted == [("starter@2", "staging")]


async def test_what_is_refused_says_why_and_is_not_promoted(make_context):
    gate = FakePromotion(["too few prompts", "too slow"])
    decision = await Gate(promote=True).run(replace(make_context(), promotion=gate), REPORT, AFTER)
    assert (decision.passed, decision.refused) == (None, "- too few prompts\n- too slow")
    assert "does not pass" in decision.verdict and "too slow" in decision.verdict and gate.promoted == []


async def test_report_and_version_must_belong_together(make_context):
    ctx = replace(make_context(), promotion=FakePromotion())
    with pytest.raises(NodeError, match="about 'starter@2' and the version is 'other@1'"):
        await Gate().run(ctx, REPORT, ModelVersion(ref="other@1"))


async def test_without_a_gate_it_says_so(make_context):
    with pytest.raises(NodeError, match="no gate"):
        await Gate().run(make_context(), REPORT, AFTER)
