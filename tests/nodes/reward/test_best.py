import pytest

from nodes.base import NodeError
from nodes.reward.best import PickBest
from nodes.types import Candidates


async def test_the_best_answer_comes_out_with_its_score(make_context):
    node = PickBest(rewards=[{"kind": "length", "least": 4, "most": 6}])
    picked = await node.run(make_context(), Candidates(prompt="?", answers=("a", "fits", "also!")))
    assert picked.best == "fits"
    assert picked.score.value == 1.0


async def test_a_reference_may_be_wired_in(make_context):
    node = PickBest(rewards=[{"kind": "exact"}])
    picked = await node.run(make_context(), Candidates(prompt="?", answers=("no", "yes")), reference="yes")
    assert picked.best == "yes"


async def test_nothing_to_pick_from_is_said(make_context):
    with pytest.raises(NodeError, match="'candidates'"):
        await PickBest().run(make_context(), Candidates(prompt="?", answers=()))
