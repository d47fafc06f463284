from dataclasses import dataclass

import pytest

from nodes.base import NodeError
from nodes.reward.feedback import FeedbackPairs
from nodes.types import PreferencePair, Preferences


@dataclass
class FakeFeedback:
    found: Preferences
    asked: str = ""

    async def pairs(self, flow: str) -> Preferences:
        self.asked = flow
        return self.found


PAIRS = Preferences(pairs=(PreferencePair(prompt="?", chosen="yes", rejected="no"),) * 3)


async def test_the_pairs_of_the_flow(make_context):
    reported = []
    feedback = FakeFeedback(PAIRS)
    context = make_context(feedback=feedback, report=lambda kind, data: reported.append((kind, data)))
    assert await FeedbackPairs(flow="bot", least=3).run(context) == PAIRS
    assert feedback.asked == "bot" and reported == [("metric", {"pairs": 3})]


async def test_too_few_are_told(make_context):
    with pytest.raises(NodeError, match="There are 3 pairs of feedback, and 4 are wanted"):
        await FeedbackPairs(least=4).run(make_context(feedback=FakeFeedback(PAIRS)))
    with pytest.raises(NodeError, match="keeps no feedback"):
        await FeedbackPairs().run(make_context())
