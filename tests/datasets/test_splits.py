"""No prompt ever stands in two splits, whatever is done to a dataset and in whatever order."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import editing, services, splits
from flowbuilder.datasets.models import Dataset, Split
from tests.datasets.conftest import put

pytestmark = pytest.mark.django_db
PROMPTS = [f"Where is parcel {letter}?" for letter in "abcdefghijkl"]
STEPS = st.one_of(
    st.tuples(
        st.just("add"), st.sampled_from(PROMPTS), st.sampled_from(["written", "synthetic", "feedback"])
    ),
    st.tuples(st.just("mend"), st.integers(0, 30), st.sampled_from(PROMPTS)),
    st.tuples(st.just("remove"), st.integers(0, 30), st.none()),
    st.tuples(st.just("restore"), st.integers(0, 30), st.none()),
    st.tuples(st.just("move"), st.integers(0, 30), st.sampled_from(Split.values)),
    st.tuples(st.just("freeze"), st.none(), st.none()),
)


@given(steps=st.lists(STEPS, min_size=4, max_size=30))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_edits_leaks_across_versions(workspace, steps):
    dataset = Dataset.objects.create(
        workspace=workspace,
        name=f"d{Dataset.objects.count()}",
        kind="completion",
        train_share=40,
        validation_share=30,
    )
    frozen: dict[int, list[Any]] = {}
    for number, (what, which, value) in enumerate(steps):
        try:
            do(dataset, number, what, which, value, frozen)
        except ApiError as refused:
            assert refused.status in {409, 422}, refused
        dataset.refresh_from_db()
    for number, held in frozen.items():
        assert snapshot(dataset, number) == held, f"version {number} changed"
    by_prompt, by_line = defaultdict(set), defaultdict(set)
    for version in dataset.versions.all():
        for row in version.rows:
            by_prompt[splits.normalised(row.content["prompt"])].add(row.split)
            by_line[row.line].add(row.split)
            assert row.origin != "synthetic" or row.split == Split.TRAIN
    assert all(len(found) == 1 for found in [*by_prompt.values(), *by_line.values()])
    for row in dataset.rows.all():
        assert row.split == splits.splits_of(dataset, [row.group])[row.group]


def do(
    dataset: Dataset, number: int, what: str, which: Any, value: Any, frozen: dict[int, list[Any]]
) -> None:
    if what == "add":
        put(dataset, {"prompt": which, "completion": f"answer {number}"}, origin=value)
    elif what == "freeze":
        version = services.freeze(dataset=dataset)
        frozen[version.number] = snapshot(dataset, version.number)
    elif rows := list(dataset.rows.all()):
        row = rows[which % len(rows)]
        if what == "mend":
            editing.mend(row=row, content={**row.content, "prompt": value.upper()}, by=None)
        elif what == "remove":
            editing.remove(dataset=dataset, rows=dataset.rows.filter(pk=row.pk))
        elif what == "restore":
            editing.restore(row=row)
        else:
            splits.move(dataset, row.group, value, "because", None)


def snapshot(dataset: Dataset, number: int) -> list[Any]:
    return sorted((row.pk, row.split, str(row.content)) for row in dataset.rows.in_version(number))


def test_case_width_and_spaces_make_no_other_prompt(dataset):
    same = ["Where is it?", " where  IS it? ", "Where\nis it?", "Ｗhere is it？"]
    assert len({splits.group_of(dataset, prompt) for prompt in same}) == 1
    assert splits.group_of(dataset, "Where was it?") != splits.group_of(dataset, same[0])


def test_the_shares_come_out(make_dataset):
    dataset = make_dataset(train_share=70, validation_share=20)
    groups = [splits.group_of(dataset, str(number)) for number in range(4000)]
    found = [splits.split_by_hash(dataset, group) for group in groups]
    shares = [found.count(split) / len(found) for split in (Split.TRAIN, Split.VALIDATION, Split.TEST)]
    assert shares == pytest.approx([0.7, 0.2, 0.1], abs=0.03)


def prompt_in(dataset: Dataset, split: str, start: int = 0) -> str:
    """A prompt whose hash puts it there."""
    prompts = (f"prompt {number}" for number in range(start, start + 1000))
    return next(p for p in prompts if splits.split_by_hash(dataset, splits.group_of(dataset, p)) == split)


def test_a_mended_row_keeps_its_split_in_whatever_words(dataset):
    train, test = prompt_in(dataset, "train"), prompt_in(dataset, "test")
    (row,) = put(dataset, test)
    services.freeze(dataset=dataset)
    mended = editing.mend(row=row, content={"prompt": train, "completion": "x"}, by=None)
    assert (mended.split, mended.line) == ("test", row.line)
    (later,) = put(dataset, {"prompt": train.upper(), "completion": "by somebody else"})
    assert later.split == "test"


def test_a_row_is_not_mended_into_a_prompt_of_another_split(dataset):
    train, test = put(dataset, prompt_in(dataset, "train"), prompt_in(dataset, "test"))
    with pytest.raises(ApiError, match="already belongs to test, and the row to train"):
        editing.mend(row=train, content={**train.content, "prompt": test.content["prompt"]}, by=None)


def test_synthetic_rows_go_to_train_or_nowhere(dataset):
    rows = [
        editing.incoming("completion", {"prompt": prompt_in(dataset, split), "completion": "s"}, "synthetic")
        for split in Split.values
    ]
    added = editing.add(dataset=dataset, rows=rows)
    assert (added.kept, added.held_out) == (1, 2)
    assert dataset.draft.get().split == "train"


def test_a_prompt_moves_with_a_reason_and_only_before_a_version_holds_it(dataset):
    prompt = prompt_in(dataset, "train")
    (row,) = put(dataset, prompt)
    with pytest.raises(ApiError, match="Say why"):
        splits.move(dataset, row.group, "test", " ", None)
    assert splits.move(dataset, row.group, "test", "A customer's own wording.", None) == 1
    services.freeze(dataset=dataset)
    with pytest.raises(ApiError, match="stands in test since version 1"):
        splits.move(dataset, row.group, "train", "Too few rows.", None)


def test_another_dataset_of_the_workspace_puts_a_prompt_in_the_same_split(workspace, stranger):
    one, two = (
        services.create_dataset(workspace_id=workspace.pk, name=name, kind=kind)
        for name, kind in (("pairs", "preference"), ("answers", "completion"))
    )
    theirs = services.create_dataset(
        workspace_id=stranger.memberships.get().workspace_id, name="pairs", kind="preference"
    )
    prompts = [f"Make record {number}." for number in range(200)]
    found = [
        [splits.split_by_hash(dataset, splits.group_of(dataset, prompt)) for prompt in prompts]
        for dataset in (one, two, theirs)
    ]
    assert found[0] == found[1] != found[2]
