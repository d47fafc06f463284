from dataclasses import replace

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Waiting
from nodes.training.sft import TrainSft
from nodes.types import Demonstration, Demonstrations

WIRED = Demonstrations(
    examples=(Demonstration.model_validate({"prompt": "a", "completion": "b"}),), source="faq@2"
)
LINES = """
{"prompt": "c", "completion": "d"}

{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "e"}, {"role": "assistant", "content": "f"}]}
"""


def turn(role, content):
    return {"role": role, "content": content}


async def test_it_starts_a_job_with_what_is_wired_in_and_what_is_written(make_context, training):
    with pytest.raises(Waiting):
        await TrainSft(steps=9, examples=LINES).run(replace(make_context(), training=training), WIRED)
    (job,) = training.started
    assert (job["recipe"], job["model"], job["settings"]["steps"]) == ("sft", "starter", 9)
    assert job["data"]["examples"] == [
        {"messages": [turn("user", "a"), turn("assistant", "b")]},
        {"messages": [turn("user", "c"), turn("assistant", "d")]},
        {"messages": [turn("system", "s"), turn("user", "e"), turn("assistant", "f")]},
    ]
    assert "examples" not in job["settings"] and job["data"]["source"] == "faq@2"
    assert Demonstrations.model_validate(job["data"]).examples[0] == WIRED.examples[0]


async def test_with_nothing_to_learn_from_it_says_what_would_do(make_context):
    with pytest.raises(NodeError, match="fill 'examples' or wire in"):
        await TrainSft().run(make_context())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x", "line 2 is not JSON"),
        ("[]", "line 2"),
        ('{"prompt": "a"}', "line 2: .*'completion' is missing"),
        ('{"prompt": "a", "completion": "b", "label": true}', "line 2: 'label'"),
        ('{"messages": []}', "line 2: 'messages'"),
        (
            '{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]}',
            "the assistant's",
        ),
    ],
)
def test_a_bad_line_is_named(line, why):
    with pytest.raises(ValidationError, match=why):
        TrainSft(examples="\n" + line)


async def test_the_new_version_comes_out(make_context):
    answer = {"ref": "starter@2", "kind": "causal", "metrics": {"loss_after": 0.5}}
    assert (await TrainSft().run(make_context(answer=answer), WIRED)).ref == "starter@2"
