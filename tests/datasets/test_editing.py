"""A draft is mended; versions share what did not change, and stay as they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets import editing, services
from flowbuilder.datasets.models import Dataset, Row
from nodes.base import NodeError
from tests.datasets.conftest import put

pytestmark = pytest.mark.django_db


def prompts(rows) -> list[str]:
    return [row.content["prompt"] for row in rows.order_by("id")]


def test_versions_share_rows_and_never_change(dataset, owner):
    a, b, c = put(dataset, "a", "b", "c")
    first = services.freeze(dataset=dataset, note="first", by=owner)
    editing.mend(row=a, content={"prompt": "a", "completion": "better"}, by=owner)
    editing.remove(dataset=dataset, rows=dataset.rows.filter(pk=b.pk))
    put(dataset, "d")
    second = services.freeze(dataset=dataset)
    assert (first.ref, second.ref, second.made_by, first.made_by) == ("faq@1", "faq@2", None, owner)
    assert prompts(first.rows) == ["a", "b", "c"] and sorted(prompts(second.rows)) == ["a", "c", "d"]
    assert first.rows.get(content__prompt="a").content["completion"] == "re: a"
    assert Row.objects.count() == 5 and c in first.rows and c in second.rows
    assert first.counts["train"] + first.counts["validation"] + first.counts["test"] == 3


def test_nothing_to_freeze_is_told(dataset):
    with pytest.raises(ApiError, match="has no rows"):
        services.freeze(dataset=dataset)
    (row,) = put(dataset, "a")
    services.freeze(dataset=dataset)
    with pytest.raises(ApiError, match="Nothing changed since 'faq@1'"):
        services.freeze(dataset=dataset)
    editing.remove(dataset=dataset, rows=dataset.draft)
    assert Dataset.objects.get().differs
    editing.restore(row=row)
    assert not Dataset.objects.get().differs  # as it was: there is nothing to freeze


def test_a_removed_row_comes_back_into_the_draft_and_not_into_versions_between(dataset):
    a, _ = put(dataset, "a", "b")
    services.freeze(dataset=dataset)
    editing.remove(dataset=dataset, rows=dataset.rows.filter(pk=a.pk))
    services.freeze(dataset=dataset)
    editing.restore(row=a)
    services.freeze(dataset=dataset)
    held = [sorted(prompts(version.rows)) for version in dataset.versions.order_by("number")]
    assert held == [["a", "b"], ["b"], ["a", "b"]]


def test_an_earlier_wording_comes_back_in_place_of_the_later(dataset):
    (row,) = put(dataset, "a")
    mended = editing.mend(row=row, content={"prompt": "a", "completion": "worse"}, by=None)
    assert mended.origin == "mended"
    editing.restore(row=row)
    assert [found.content["completion"] for found in dataset.draft] == ["re: a"]
    assert dataset.rows.filter(line=row.line).count() == 2


def test_what_is_known_is_not_put_in_again(dataset):
    put(dataset, "a")
    rows = [editing.incoming("completion", {"prompt": p, "completion": f"re: {p}"}) for p in "ab"]
    assert vars(editing.add(dataset=dataset, rows=rows)) == {"kept": 1, "known": 1, "held_out": 0}


def test_duplicates_and_contradictions(make_dataset):
    dataset = make_dataset("label")
    put(dataset, "a", "a", {"prompt": "a", "completion": "re: a", "label": False}, "b", skip_known=False)
    assert dataset.draft.duplicates().count() == 1
    assert dataset.draft.contradictory().count() == 3
    assert editing.remove_duplicates(dataset=dataset) == 1
    assert dataset.draft.count() == 3 and not dataset.draft.duplicates().exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"prompt": "a"}, "'completion'"),
        ({"prompt": "", "completion": "b"}, "'prompt'"),
        ({"prompt": "a", "completion": "b", "score": 1}, "'score': completion rows have no such column"),
        ("a", "no object"),
    ],
)
def test_a_row_that_is_none_of_its_kind_is_named(dataset, content, says):
    (row,) = put(dataset, "a")
    with pytest.raises(ApiError, match=says):
        editing.mend(row=row, content=content, by=None)
    assert dataset.draft.get() == row


def test_a_synthetic_row_stays_synthetic_whoever_mends_it(dataset):
    put(dataset, *(f"a {number}" for number in range(20)), origin="synthetic")
    row = dataset.draft.first()
    mended = editing.mend(row=row, content={**row.content, "completion": "by hand"}, by=None)
    assert mended.origin == "synthetic"


def test_a_version_is_found_by_its_reference(dataset, workspace, stranger):
    put(dataset, "a")
    with pytest.raises(NodeError, match="'faq' has no version yet"):
        services.resolve(workspace.pk, "faq")
    services.freeze(dataset=dataset)
    put(dataset, "b")
    newest = services.freeze(dataset=dataset)
    assert services.resolve(workspace.pk, "faq") == newest
    assert services.resolve(workspace.pk, "faq@1").number == 1
    elsewhere = stranger.memberships.get().workspace_id
    with pytest.raises(NodeError, match="There is: none yet"):
        services.resolve(elsewhere, "faq")
    with pytest.raises(NodeError, match="There is: faq@2"):
        services.resolve(workspace.pk, "faq@9")
    version, rows = services.rows_for(workspace.pk, "faq@2", ["train", "validation", "test"])
    assert version == newest and [row["prompt"] for row in rows] == ["a", "b"]


def test_what_changed_between_versions(dataset):
    a, b, _ = put(dataset, "a", "b", "c")
    first = services.freeze(dataset=dataset)
    editing.mend(row=a, content={"prompt": "a", "completion": "better"}, by=None)
    editing.remove(dataset=dataset, rows=dataset.rows.filter(pk=b.pk))
    put(dataset, "d")
    for newer in (None, services.freeze(dataset=dataset)):
        found = services.difference(first, newer)
        assert prompts(found["added"]) == ["d"] and prompts(found["removed"]) == ["b"]
        ((before, after),) = found["changed"]
        assert (before.content["completion"], after.content["completion"]) == ("re: a", "better")


def test_names_kinds_and_shares_that_cannot_be(make_dataset):
    make_dataset(name="taken")
    for fields, says in (
        ({"name": "Not This"}, "cannot name a dataset"),
        ({"name": "taken"}, "already is a dataset"),
        ({"kind": "poems"}, "kind is one of preference"),
        ({"train_share": 90, "validation_share": 20}, "together with validation at most 100"),
    ):
        with pytest.raises(ApiError, match=says):
            make_dataset(**fields)


def test_a_file_comes_in_by_pieces_and_yet_all_or_nothing(dataset, monkeypatch):
    monkeypatch.setattr(editing, "PIECE", 2)
    rows = [editing.incoming("completion", {"prompt": p, "completion": "x"}) for p in "abcde"]
    add, seen = editing._add, []

    def break_off(found, piece, *args, **options):
        seen.append(found.draft.count())
        if len(seen) == 3:
            raise KeyboardInterrupt
        return add(found, piece, *args, **options)

    monkeypatch.setattr(editing, "_add", break_off)
    with pytest.raises(KeyboardInterrupt):
        editing.add_in_pieces(dataset=dataset, rows=rows)
    assert seen == [0, 0, 0] and Row.objects.count() == 4  # they arrived, and stand nowhere
    monkeypatch.setattr(editing, "_add", add)
    assert editing.add_in_pieces(dataset=dataset, rows=rows).kept == dataset.draft.count() == 5
    assert services.freeze(dataset=dataset).rows.count() == 5
    monkeypatch.setattr(editing, "GIVEN_UP", timedelta(0))
    editing.sweep()
    assert Row.objects.count() == 5


def test_adding_many_rows_takes_few_queries(dataset):
    with CaptureQueriesContext(connection) as captured:
        put(dataset, *(f"many {n}" for n in range(300)))
    assert len(captured) < 20
