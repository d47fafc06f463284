import json

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Waiting
from nodes.flow.approval import Approval

FORM = json.dumps({"type": "object", "properties": {"amount": {"type": "number"}}})


async def test_it_asks_and_waits(make_context):
    node = Approval(question="Refund it?", form=FORM, hours=2, after_that="approved")
    with pytest.raises(Waiting) as parked:
        await node.run(make_context(run_id="r", node_id="ask"), "Parcel PX-1 was lost.")
    about = parked.value.about
    assert parked.value.key == "approval:r:ask"
    assert about["kind"] == "approval" and about["question"] == "Refund it?"
    assert about["details"] == "Parcel PX-1 was lost."
    assert about["form"]["properties"] == {"amount": {"type": "number"}}
    assert about["then"] == {"outcome": "approved", "at": about["until"]}


async def test_the_decision_takes_one_way_and_says_who_and_when(make_context):
    said = []
    answer = {
        "outcome": "approved",
        "by": "ann@example.test",
        "at": "2030-01-31T09:00:00+00:00",
        "values": {"amount": 4},
    }
    context = make_context(answer=answer, report=lambda kind, data: said.append((kind, data["by"])))
    taken = await Approval().run(context, "Parcel")
    assert taken.approved.data == {"amount": 4} and taken.refused is None and taken.content == "Parcel"
    assert taken.decision == "approved by ann@example.test, 2030-01-31T09:00:00+00:00"
    assert said == [("decision", "ann@example.test")]
    taken = await Approval().run(
        make_context(answer={**answer, "outcome": "refused", "comment": "too much"}), "Parcel"
    )
    assert taken.approved is None and taken.content is None and taken.refused.data == {"amount": 4}
    assert taken.decision.endswith("too much")


async def test_a_time_that_is_up_may_end_the_run(make_context):
    with pytest.raises(NodeError, match="Nobody decided within 2 hours: May this go on"):
        await Approval(hours=2, after_that="fail").run(make_context(answer={"outcome": "fail"}), "Parcel")
    up = await Approval(hours=2).run(make_context(answer={"outcome": "refused", "at": "noon"}), "Parcel")
    assert up.decision == "refused because the time was up, noon"


def test_a_form_is_an_object_s_schema():
    for text, why in (
        ("{", "not JSON"),
        ('{"type": "array"}', "properties"),
        ('{"type": 3}', "not a JSON Schema"),
    ):
        with pytest.raises(ValidationError, match=why):
            Approval(form=text)
