import pytest

from nodes.base import NodeError
from nodes.data.dataset import DatasetNode
from nodes.types import PreferencePair, PromptLine

PAIR = {"prompt": "a?", "chosen": "yes", "rejected": "no"}


async def test_pairs_come_out_with_the_version_that_they_are_from(make_context, make_datasets):
    reports = []
    ctx = make_context(datasets=make_datasets(), report=lambda *args: reports.append(args))
    out = await DatasetNode(dataset="support").run(ctx)
    assert out.ref == "support@7" == out.preferences.source == out.held_out.source
    assert out.preferences.pairs == (PreferencePair(**PAIR),) * 2
    assert [example.answer for example in out.demonstrations.examples] == ["yes", "yes"]
    assert out.prompts.lines == (PromptLine(prompt="a?", reference="yes"),)
    assert out.held_out.lines == (PromptLine(prompt="b?", reference="yes"),)
    assert reports == [("metric", {"train": 2, "held_out": 1})]


@pytest.mark.parametrize(
    ("rows", "prompts", "answers"),
    [
        ([{"prompt": "a", "completion": "b"}], [("a", "b")], ["b"]),
        ([{"prompt": "a", "completion": "x", "label": False}], [("a", "")], []),
        (
            [
                {"prompt": "a", "completion": "x", "label": False},
                {"prompt": "a", "completion": "b", "label": True},
            ],
            [("a", "b")],
            ["b"],
        ),
        ([{"prompt": "a", "reference": ""}], [("a", "")], []),
        (
            [{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}],
            [("a", "b")],
            ["b"],
        ),
    ],
    ids=str,
)
async def test_each_kind_gives_what_it_has(make_context, make_datasets, rows, prompts, answers):
    ctx = make_context(datasets=make_datasets(splits={"train": rows, "test": [], "validation": []}))
    out = await DatasetNode(dataset="d").run(ctx)
    assert [(line.prompt, line.reference) for line in out.prompts.lines] == prompts
    assert [
        example.answer for example in (out.demonstrations.examples if out.demonstrations else ())
    ] == answers
    assert out.preferences is None and out.held_out.lines == ()


async def test_too_few_rows_are_told(make_context, make_datasets):
    with pytest.raises(NodeError, match=r"'d@7' has 2 rows to train on, and 3 are wanted"):
        await DatasetNode(dataset="d", least=3).run(make_context(datasets=make_datasets()))
    with pytest.raises(NodeError, match="keeps no datasets"):
        await DatasetNode(dataset="d").run(make_context())
