"""Time and memory are told before anything starts, and what cannot fit is refused with the reason."""

import pytest

from flowbuilder.improvement.foretold import foretold
from flowbuilder.improvement.plan import plan_for
from flowbuilder.training import devices

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(flow, rate):
    rate(30)
    return plan_for(flow)


def test_more_effort_takes_longer(plan):
    quick, thorough = (foretold(plan, plan.steps("grpo", effort)) for effort in ("quick", "thorough"))
    assert 0 < quick.seconds[0] < quick.seconds[1] and quick.seconds[1] < thorough.seconds[1]
    assert quick.memory > 2**30 and quick.refusal == ""


def test_what_does_not_fit_says_why(plan, monkeypatch):
    monkeypatch.setattr(devices, "room", lambda: 2**28)
    assert "needs about" in foretold(plan, plan.steps()).refusal


def test_without_feedback_nothing_can_be_told(flow):
    plan = plan_for(flow)
    assert foretold(plan, plan.steps()) is None
