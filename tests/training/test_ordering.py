"""An order names things of its own workspace, and gets their rows."""

import pytest

from flowbuilder.accounts.services import create_owner
from flowbuilder.datasets import editing
from flowbuilder.datasets import services as datasets
from flowbuilder.datasets.models import DatasetVersion
from nodes.base import NodeError
from tests.training.conftest import RULES

pytestmark = pytest.mark.django_db
PAIRS = [{"prompt": f"Say {n}.", "chosen": str(n), "rejected": "no"} for n in range(40)]


def frozen(workspace_id, name: str, kind: str, rows: list[dict]) -> DatasetVersion:
    dataset = datasets.create_dataset(workspace_id=workspace_id, name=name, kind=kind)
    editing.add(dataset=dataset, rows=[editing.incoming(kind, row, "written") for row in rows])
    return datasets.freeze(dataset=dataset)


@pytest.fixture
def taste(workspace):
    """A frozen version of forty pairs."""
    return frozen(workspace.pk, "taste", "preference", PAIRS)


@pytest.mark.parametrize(
    ("recipe", "data", "rows"),
    [
        ("dpo", {}, "pairs"),
        ("reward_model", {}, "pairs"),
        ("sft", {}, "examples"),
        ("grpo", {"rewards": RULES["rewards"]}, "prompts"),
    ],
)
def test_a_dataset_gives_its_train_split_in_the_recipe_s_form(start, taste, recipe, data, rows):
    job = start(recipe=recipe, data={"dataset": "taste", **data})
    assert job.dataset_version == taste and job.data["source"] == "taste@1"
    assert len(job.data[rows]) == taste.counts["train"] < 40
    held_out = set(taste.rows.exclude(split="train").values_list("content__prompt", flat=True))
    assert not [row for row in job.data[rows] if any(f'"{prompt}"' in str(row) for prompt in held_out)]


def test_rows_of_another_kind_are_named_with_what_is_wanted(start, workspace):
    frozen(workspace.pk, "asked", "prompts", [{"prompt": f"Say {n}."} for n in range(20)])
    with pytest.raises(NodeError, match="'dataset': .*holds prompts rows.*needs pairs"):
        start(recipe="dpo", data={"dataset": "asked"})


def test_what_another_workspace_has_is_not_there(start, taste):
    other = create_owner(email="other@example.test", password="correct horse battery").workspace
    frozen(other.pk, "theirs", "preference", PAIRS)
    with pytest.raises(NodeError, match="no dataset 'theirs'.*There is: taste@1"):
        start(recipe="dpo", data={"dataset": "theirs"})
    named = {"pairs": PAIRS[:2], "source": "theirs@1"}
    assert start(recipe="dpo", data=named).dataset_version is None


def test_rows_that_a_node_took_from_a_dataset_are_known_to_come_from_it(start, taste):
    assert start(recipe="dpo", data={"pairs": PAIRS[:2], "source": "taste@1"}).dataset_version == taste


@pytest.mark.parametrize("data", [[], "rows", {"dataset": 5}, {"dataset": {"name": "x"}}])
def test_what_is_no_data_is_named(start, data):
    with pytest.raises(NodeError, match="'data'|'dataset'"):
        start(recipe="dpo", data=data)


def test_what_trains_in_one_process_is_not_given_two(start):
    with pytest.raises(NodeError, match="'processes': PPO trains in one process"):
        start(recipe="ppo", processes=2)
