"""What the node Feedback pairs gets: the workspace's own, of the flow that it names."""

import pytest

from flowbuilder.feedback.models import Rating
from flowbuilder.feedback.pairs import pairs_of
from flowbuilder.feedback.services import rate
from flowbuilder.runs import context
from nodes.base import NodeError

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(asker, make_run):
    rate(asker=asker, run=make_run("poor"), kind="correction", correction="rich")
    rate(asker=asker, run=make_run("fine"), kind="thumbs", up=True)
    rate(asker=asker, run=make_run(), node="many", kind="ranking", order=[0, 1, 2])


@pytest.mark.parametrize("named", ["", "bot", "Bot"])
def test_from_corrections_and_rankings(workspace, said, named):
    pairs = pairs_of(workspace.pk, named).pairs
    chosen = [(pair.chosen, pair.rejected) for pair in pairs]
    assert chosen == [("rich", "poor"), ("a", "b"), ("a", "c"), ("b", "c")]
    assert {pair.prompt for pair in pairs} == {"Q: A parcel?"}


def test_another_workspace_has_none_of_it(stranger, said):
    elsewhere = stranger.memberships.get().workspace
    assert Rating.objects.count() == 3 and pairs_of(elsewhere.pk, "").pairs == ()
    with pytest.raises(NodeError, match="no flow 'bot' in this workspace. There is: none yet"):
        pairs_of(elsewhere.pk, "bot")


def test_a_node_of_a_run_is_given_it(workspace, run):
    made = context.context_for(workspace.pk, run.pk, "pairs", lambda kind, data: None)
    assert made.feedback.workspace_id == workspace.pk
