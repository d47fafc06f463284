from dataclasses import replace

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Waiting
from nodes.training.pretrain import Pretrain, documents_of
from nodes.types import Demonstration, Demonstrations

WIRED = Demonstrations(
    examples=(Demonstration.model_validate({"prompt": "a", "completion": "b"}),), source="faq@2"
)


async def test_it_starts_a_job_from_nothing_with_all_that_is_to_be_read(make_context, training):
    node = Pretrain(name="mine", size="tiny", texts="one\n---\ntwo")
    with pytest.raises(Waiting):
        await node.run(replace(make_context(), training=training), "wired", WIRED)
    (job,) = training.started
    assert (job["recipe"], job["model"], job["settings"]["name"]) == ("pretrain", "", "mine")
    assert job["data"]["texts"] == ["wired", "one", "two"] and job["data"]["source"] == "faq@2"
    assert len(job["data"]["examples"]) == 1 and "texts" not in job["settings"]


async def test_with_nothing_to_read_it_says_what_would_do(make_context):
    with pytest.raises(NodeError, match="fill 'texts', or wire in"):
        await Pretrain().run(make_context(), " ")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "starter"}, "choose another name"),
        ({"name": "My model"}, "small letters"),
        ({"hidden_size": 64, "heads": 5}, "cannot share a width of 64"),
    ],
)
def test_a_bad_setting_is_named(fields, why):
    with pytest.raises(ValidationError, match=why):
        Pretrain(**fields)


def test_three_dashes_part_documents():
    assert documents_of("a\nb --- c\n---\n\n--- \nd") == ["a\nb --- c", "d"]
