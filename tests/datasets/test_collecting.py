"""Feedback becomes rows once, goes when it is withdrawn, and disagreement is weighed."""

import pytest
from asgiref.sync import async_to_sync

from flowbuilder.datasets import editing, services
from flowbuilder.datasets.collecting import Wanted, collect
from flowbuilder.datasets.models import Dataset
from flowbuilder.datasets.nodes import NodeDatasets
from flowbuilder.feedback.models import Gold, GoldAnswer, Kind, Rating
from flowbuilder.flows.models import Flow
from nodes.base import NodeError

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(workspace):
    return Flow.objects.create(workspace=workspace, name="Bot", slug="bot", graph={})


@pytest.fixture
def say(workspace, owner, flow):
    """A rating, by default a correction of the owner's."""

    def make(prompt="a?", kind=Kind.CORRECTION, **fields):
        said = {
            "answer": "poor",
            "correction": "good",
            "person": owner,
            "flow": flow,
            "model": "starter@1",
            "node_id": "m",
        }
        if kind == Kind.PAIR:
            said |= {"correction": "", "others": [{"answer": "worse"}], "answer": "better"}
        return Rating.objects.create(workspace=workspace, kind=kind, prompt=prompt, **{**said, **fields})

    return make


def contents(dataset) -> list:
    return [row.content for row in dataset.draft]


def test_each_kind_takes_what_it_can_use(make_dataset, say):
    say()
    say(kind=Kind.THUMBS, up=False, answer="bad", correction="")
    say("b?", kind=Kind.SKIP, correction="")
    found = {}
    for kind in ("preference", "completion", "label", "messages", "prompts"):
        dataset = make_dataset(kind, name=kind)
        collect(dataset=dataset, wanted=Wanted())
        found[kind] = contents(dataset)
    turns = [{"role": "user", "content": "a?"}, {"role": "assistant", "content": "good"}]
    assert found["preference"] == [{"prompt": "a?", "chosen": "good", "rejected": "poor"}]
    assert found["completion"] == [{"prompt": "a?", "completion": "good"}]
    assert [(row["completion"], row["label"]) for row in found["label"]] == [
        ("poor", False),
        ("good", True),
        ("bad", False),
    ]
    assert found["messages"] == [{"messages": turns}]
    assert found["prompts"] == [{"prompt": "a?", "reference": "good"}]


def test_a_row_says_where_it_came_from(make_dataset, say, owner):
    rating = say()
    dataset = make_dataset("preference")
    collect(dataset=dataset, wanted=Wanted())
    row = dataset.draft.get()
    assert row.origin == "feedback"
    assert row.source == {
        "rating": str(rating.pk),
        "run": "",
        "node": "m",
        "model": "starter@1",
        "person": str(owner),
    }


def test_collecting_again_changes_nothing_and_what_is_withdrawn_goes(make_dataset, say):
    first, second = say("a?"), say("b?")
    dataset = make_dataset("preference")
    assert collect(dataset=dataset, wanted=Wanted()).kept == 2
    services.freeze(dataset=dataset)
    again = collect(dataset=dataset, wanted=Wanted())
    assert (again.kept, again.known, again.changed, dataset.differs) == (0, 2, False, False)
    editing.mend(
        row=dataset.draft.get(content__prompt="b?"),
        content={"prompt": "b?", "chosen": "g", "rejected": "p"},
        by=None,
    )
    first.delete()
    second.delete()
    assert collect(dataset=dataset, wanted=Wanted()).withdrawn == 2  # the mended one too
    assert not dataset.draft.exists() and dataset.versions.get().rows.count() == 2


def test_what_a_person_removed_does_not_come_again(make_dataset, say):
    say()
    dataset = make_dataset("preference")
    collect(dataset=dataset, wanted=Wanted())
    editing.remove(dataset=dataset, rows=dataset.draft)
    assert not collect(dataset=dataset, wanted=Wanted()).changed
    assert not dataset.draft.exists()


def test_a_mended_row_is_not_taken_in_beside_itself(make_dataset, say):
    say()
    dataset = make_dataset("preference")
    collect(dataset=dataset, wanted=Wanted())
    content = {"prompt": "a?", "chosen": "best", "rejected": "poor"}
    editing.mend(row=dataset.draft.get(), content=content, by=None)
    assert not collect(dataset=dataset, wanted=Wanted()).changed
    assert contents(dataset) == [content]


def test_only_what_is_wanted_is_taken_and_the_rest_stays(make_dataset, say, flow, workspace, teammate):
    other = Flow.objects.create(workspace=workspace, name="Other", slug="other", graph={})
    say("a?")
    say("b?", flow=other, node_id="n", model="starter@2", person=teammate)
    dataset = make_dataset("preference")
    for wanted in (
        Wanted(flows=[flow.pk]), Wanted(node="m"), Wanted(model="starter@1"), Wanted(person=workspace_owner(workspace)),
    ):  # fmt: skip
        collect(dataset=dataset, wanted=wanted)
        assert [row["prompt"] for row in contents(dataset)] == ["a?"], wanted
    collect(dataset=dataset, wanted=Wanted(flows=[other.pk]))
    assert [row["prompt"] for row in contents(dataset)] == ["a?", "b?"]
    assert collect(dataset=dataset, wanted=Wanted(model="starter")).known == 2


def workspace_owner(workspace) -> int:
    from flowbuilder.accounts.models import Membership

    return Membership.objects.get(workspace=workspace, role="owner").user_id


def test_raters_who_contradict_each_other_are_weighed(make_dataset, say, teammate):
    swapped = {"answer": "worse", "others": [{"answer": "better"}]}
    for _ in range(2):
        say(" A? ", kind=Kind.PAIR, person=None)
    minority = say("a?", kind=Kind.PAIR, person=teammate, **swapped)
    say("tie?", kind=Kind.PAIR)
    say("tie?", kind=Kind.PAIR, person=teammate, **swapped)
    dataset = make_dataset("preference")
    collect(dataset=dataset, wanted=Wanted())
    assert dataset.draft.count() == 5 and dataset.draft.contradictory().count() == 2  # as it is written
    assert collect(dataset=dataset, wanted=Wanted(agreement=0.5)).outvoted == 3
    assert [row["chosen"] for row in contents(dataset)] == ["better", "better"]
    assert collect(dataset=dataset, wanted=Wanted(agreement=0.9)).outvoted == 2
    minority.delete()
    assert collect(dataset=dataset, wanted=Wanted(agreement=0.9)).restored == 2


def test_raters_who_fail_at_gold_are_left_out(make_dataset, say, workspace, flow, owner, teammate):
    gold = Gold.objects.create(workspace=workspace, flow=flow, prompt="g", answer="g", up=True)
    for person, up in ((owner, True), (teammate, False)):
        GoldAnswer.objects.create(gold=gold, person=person, up=up)
    say("a?")
    say("b?", person=teammate)
    dataset = make_dataset("preference")
    assert collect(dataset=dataset, wanted=Wanted()).kept == 2
    assert collect(dataset=dataset, wanted=Wanted(proven=0.8)).outvoted == 1
    assert [row["prompt"] for row in contents(dataset)] == ["a?"]


def test_the_node_makes_the_dataset_and_freezes_what_changed(workspace, say, flow):
    datasets = NodeDatasets(workspace.pk)
    ask = async_to_sync(datasets.collect)
    order = {"dataset": "taste", "kind": "preference", "flow": "bot", "agreement": 0.5}
    with pytest.raises(NodeError, match="'taste' has no rows"):
        ask(**order)
    say("a?")
    assert ask(**order) == ask(**order) == "taste@1"
    say("b?")
    assert ask(**order) == "taste@2" and Dataset.objects.get().versions.count() == 2
    with pytest.raises(NodeError, match="holds preference rows"):
        ask(**{**order, "kind": "label"})
    with pytest.raises(NodeError, match="There is no flow 'gone'"):
        ask(**{**order, "flow": "gone"})
    rows = async_to_sync(datasets.rows)("taste@1", ["train", "validation", "test"])
    assert (rows.ref, rows.kind, len(rows.rows)) == ("taste@1", "preference", 1)


def test_a_node_s_synthetic_examples_go_into_the_draft_marked(workspace, make_dataset):
    dataset = make_dataset("completion", train_share=50, validation_share=0)
    turns = [
        [{"role": "user", "content": f"Where is it, {n}?"}, {"role": "assistant", "content": "There."}]
        for n in range(20)
    ]
    rows = [
        {"content": {"messages": each}, "generator": "starter@1", "seed": {"prompt": "a"}} for each in turns
    ]
    add = async_to_sync(NodeDatasets(workspace.pk).add_synthetic)
    away = add(dataset="faq", kind="messages", rows=rows)
    assert 0 < len(away) < 20 and dataset.draft.count() == 20 - len(away)
    row = dataset.draft.first()
    assert (row.origin, row.split, row.source["generator"]) == ("synthetic", "train", "starter@1")
    assert row.content.keys() == {"prompt", "completion"}
    with pytest.raises(NodeError, match="There is no dataset 'gone'"):
        add(dataset="gone", kind="messages", rows=rows)
    make_dataset("preference", name="pairs")
    with pytest.raises(NodeError, match="holds preference rows"):
        add(dataset="pairs", kind="messages", rows=rows)
