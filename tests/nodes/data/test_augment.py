import pytest
from pydantic import ValidationError

from nodes.base import NodeError
from nodes.data.augment import Augment
from nodes.data.synthesis import Plan, cleaned, drafts
from nodes.types import Demonstration, Demonstrations, PromptLine, Prompts

PROMPTS = Prompts(
    lines=(PromptLine(prompt="Where is parcel PX-1?"), PromptLine(prompt="Who has it?")), source="faq@2"
)
SHOWN = Demonstrations(
    examples=(Demonstration.model_validate({"prompt": "Where is it?", "completion": "There."}),)
)


async def test_perturbed_prompts_come_after_their_seeds_and_are_drawn_again(make_context):
    reports = []
    node = Augment(per_seed=4, seed=5)
    out = await node.run(make_context(report=lambda *args: reports.append(args)), prompts=PROMPTS)
    assert (
        out.prompts.lines[:2] == PROMPTS.lines
        and out.prompts.source == "faq@2"
        and out.demonstrations is None
    )
    new = out.prompts.lines[2:]
    assert 4 <= len(new) == len(set(new)) and not set(new) & set(PROMPTS.lines)
    assert (await node.run(make_context(), prompts=PROMPTS)).prompts == out.prompts
    assert reports[0][1]["made"] == len(new)


async def test_a_model_writes_from_the_template_and_answers_what_it_wrote(make_context, models):
    models.answers = ['1. "Where is my van?"', "At the gate."]
    node = Augment(method="generate", per_seed=1, template="Another like {seed}!", with_seeds=False)
    out = await node.run(make_context(), demonstrations=SHOWN)
    (made,) = out.demonstrations.examples
    assert (made.asked[0]["content"], made.answer) == ("Where is my van?", "At the gate.")
    asked, answered = models.calls
    assert asked["prompt"] == "Another like Where is it?!" and answered["prompt"] == "Where is my van?"
    assert asked["sampling"].temperature == 0.9 and answered["sampling"].temperature == 0


async def test_what_does_not_fit_is_dropped_and_counted(make_context, models):
    models.answers = ['{"id": 1}', "no", '{"id": "x"}', '{"id": 1}']
    reports = []
    schema = '{"type": "object", "properties": {"id": {"type": "integer"}}}'
    node = Augment(method="generate", per_seed=4, json_schema=schema, with_seeds=False)
    ctx = make_context(report=lambda *args: reports.append(args))
    out = await node.run(ctx, prompts=Prompts(lines=PROMPTS.lines[:1]))
    assert [line.prompt for line in out.prompts.lines] == ['{"id": 1}']
    assert reports[-1][1] == {"seeds": 1, "made": 1, "short": 1, "schema": 1, "duplicate": 1}


async def test_new_ones_go_into_a_dataset_but_not_where_they_are_held_out(make_context, make_datasets):
    datasets = make_datasets()
    ctx = make_context(datasets=datasets)
    out = await Augment(dataset="faq", per_seed=3, with_seeds=False).run(ctx, prompts=PROMPTS)
    assert datasets.added["dataset"] == "faq" and datasets.added["kind"] == "prompts"
    first, *rest = [row["content"]["prompt"] for row in datasets.added["rows"]]
    assert [line.prompt for line in out.prompts.lines] == rest and first not in rest
    assert datasets.added["rows"][0]["generator"].startswith("perturb:")


async def test_what_people_chose_is_not_made_up(models):
    pair = {"prompt": "a", "chosen": "b", "rejected": "c"}
    with pytest.raises(NodeError, match="cannot write preference rows"):
        [draft async for draft in drafts(Plan(method="generate"), "preference", pair, 0, models)]
    made = [draft async for draft in drafts(Plan(kinds=("case",)), "preference", pair, 0, models)]
    assert made and made[0].content == {"prompt": "A", "chosen": "b", "rejected": "c"}


async def test_what_is_missing_is_told(make_context):
    with pytest.raises(NodeError, match="wire in demonstrations or prompts"):
        await Augment().run(make_context())
    with pytest.raises(ValidationError, match="must have {seed}"):
        Augment(method="generate", template="Another!")
    with pytest.raises(ValidationError, match="this is not JSON"):
        Augment(json_schema="{")


@pytest.mark.parametrize(
    ("text", "clean"), [('"A?"\n', "A?"), ("2) “B”", "B"), ("- C", "C"), ("「丁」", "丁"), ("", "")]
)
def test_what_stands_around_a_query_goes(text, clean):
    assert cleaned(text) == clean
