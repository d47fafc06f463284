"""A run whose worker died inside a group is taken up where it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.runs.models import Run, Status
from tests.runs.conftest import graph_of

START, REPLY = ("flow.start", {}), ("flow.reply", {})


@pytest.fixture
def flow(make_flow):
    body = graph_of(
        {
            "in": ("flow.group_input", {"name": "item"}),
            "a": ("text.prompt", {"template": "a{{ x }}"}),
            "b": ("text.prompt", {"template": "b{{ x }}"}),
            "out": ("flow.group_output", {"name": "result"}),
        },
        ["in.out>a.x", "a.out>b.x", "b.out>out.content"],
    )
    nodes = {"s": START, "g": ("flow.each", {"at_once": 1}, {"body": body}), "r": REPLY}
    return make_flow(nodes, ["s.out>g.items", "g.result>r.content"])


@pytest.mark.parametrize("stored", [1, 2, 3, 4, 5, 6, 7])
def test_it_goes_on_behind_what_is_stored(flow, play, stored):
    """``stored``: so many results were committed when the worker was killed."""
    whole = play(flow, inputs={"question": "x\ny"})
    order = [event.node for event in whole.events.filter(type="node.finished").order_by("seq")]
    assert order == ["s", "g[0]/a", "g[0]/b", "g[0]", "g[1]/a", "g[1]/b", "g[1]", "g", "r"]
    whole.results.exclude(node_id__in=order[:stored]).delete()
    last = whole.events.get(type="node.finished", node=order[stored - 1]).seq
    whole.events.filter(seq__gt=last).delete()
    lapsed = timezone.now() - timedelta(seconds=1)
    Run.objects.filter(pk=whole.pk).update(status=Status.RUNNING, lease_until=lapsed, reply="", ended_at=None)
    run = play(Run.objects.get(pk=whole.pk))
    assert (run.status, run.reply) == (Status.FINISHED, "bax\n\nbay")
    nodes = list(run.events.filter(type="node.finished").values_list("node", flat=True))
    assert sorted(nodes) == sorted(order)
