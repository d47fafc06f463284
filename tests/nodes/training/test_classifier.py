from dataclasses import replace

import pytest
from pydantic import ValidationError

from nodes.base import NodeError, Waiting
from nodes.training.classifier import TrainClassifier
from nodes.types import LabelledText, LabelledTexts

WIRED = LabelledTexts(labelled=(LabelledText(text="a", label="x"),), source="intents@2")


async def test_it_starts_a_job_with_what_is_wired_in_and_what_is_written(make_context, training):
    node = TrainClassifier(steps=9, labelled='{"text": "b", "label": "y"}')
    with pytest.raises(Waiting):
        await node.run(replace(make_context(), training=training), WIRED)
    (job,) = training.started
    assert (job["recipe"], job["model"], job["settings"]["steps"]) == ("classifier", "starter", 9)
    assert [one["label"] for one in job["data"]["labelled"]] == ["x", "y"]
    assert "labelled" not in job["settings"] and job["data"]["source"] == "intents@2"


async def test_one_label_is_nothing_to_tell_apart(make_context):
    with pytest.raises(NodeError, match="at least two labels"):
        await TrainClassifier().run(make_context(), WIRED)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x", "line 2 is not JSON"),
        ('{"text": "a"}', "line 2: 'label'"),
        ('{"text": "", "label": "b"}', "line 2: 'text'"),
    ],
)
def test_a_bad_line_is_named(line, why):
    with pytest.raises(ValidationError, match=why):
        TrainClassifier(labelled="\n" + line)
