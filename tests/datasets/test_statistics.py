"""What a version is like, counted once."""

import pytest
from django.core.cache import cache

from flowbuilder.datasets import editing, services, statistics
from flowbuilder.datasets.bars import HEIGHT, histograms
from flowbuilder.datasets.models import DatasetVersion
from flowbuilder.modelhub.registry import resolve
from tests.datasets.conftest import put

pytestmark = pytest.mark.django_db


def test_counts_origins_labels_and_problems(make_dataset):
    dataset = make_dataset("label", name="labels")
    put(dataset, "a", "a", {"prompt": "a", "completion": "re: a", "label": False}, skip_known=False)
    put(dataset, {"prompt": "b", "completion": "", "label": True})
    put(dataset, *(f"synthetic {n}" for n in range(10)), origin="synthetic")
    made = dataset.draft.filter(origin="synthetic").count()
    found = services.freeze(dataset=dataset).statistics
    whole = found["splits"]["all"]
    assert (found["rows"], whole["origins"]) == (4 + made, {"written": 4, "synthetic": made})
    assert whole["synthetic_share"] == pytest.approx(made / (4 + made))
    assert found["splits"]["test"]["synthetic_share"] == 0
    assert whole["labels"] == {"good": 3 + made, "bad": 1}
    problems = {name: found[name] for name in ("duplicates", "contradictory", "empty", "shared_prompts")}
    assert problems == {"duplicates": 1, "contradictory": 3, "empty": 1, "shared_prompts": 0}
    assert sum(found["splits"][split]["rows"] for split in ("train", "validation", "test")) == found["rows"]


def test_prompts_in_two_splits_would_be_counted():
    rows = [
        {"group": "a", "split": "train"},
        {"group": "a", "split": "test"},
        {"group": "b", "split": "test"},
    ]
    assert statistics.shared_prompts(rows) == 1


def test_near_duplicates_across_splits_are_told(dataset):
    long = "Where is the parcel that left the depot this morning with the blue van and the new driver"
    put(dataset, *({"prompt": f"{long}{n}", "completion": "It is on its way."} for n in range(40)))
    found = services.freeze(dataset=dataset).statistics
    assert found["near_duplicates"] >= 35 and 0 < found["near_across_splits"] < found["near_duplicates"]
    assert {"row", "of", "alike"} == found["near"][0].keys()


def test_lengths_of_each_column_and_their_histogram(dataset):
    rows = [{"content": {"prompt": "x" * n, "completion": "y"}} for n in range(1, 101)]
    found = statistics.lengths(rows, len)
    prompt = found["prompt"]
    assert (prompt["mean"], prompt["median"], prompt["p95"], prompt["longest"]) == (50.5, 50, 95, 100)
    assert sum(prompt["counts"]) == 100 and found["completion"]["longest"] == 1
    drawn = histograms(found)
    assert [each.name for each in drawn] == ["prompt", "completion"]
    assert max(float(bar.height) for bar in drawn[0].bars) == HEIGHT


def test_one_very_long_text_leaves_the_others_room():
    rows = [{"content": {"prompt": "x" * n}} for n in [*range(1, 500), 90_000]]
    prompt = statistics.lengths(rows, len)["prompt"]
    assert prompt["edges"][-1] < 600 and prompt["longest"] == 90_000 and sum(prompt["counts"]) == 500


def test_tokens_are_the_model_s_own(dataset, workspace):
    put(dataset, {"prompt": "Make a parcel record.", "completion": "{}"})
    found = statistics.token_lengths(dataset.draft, resolve(workspace.pk, "starter"))
    assert found["model"] == "starter@1" and found["rows"] == 1
    assert 3 <= found["lengths"]["prompt"]["longest"] < len("Make a parcel record.")


def test_a_large_version_is_counted_by_a_worker(dataset, monkeypatch):
    monkeypatch.setattr(statistics, "AT_ONCE", 3)
    woken = []
    monkeypatch.setattr(statistics, "wake_worker", woken.append)
    put(dataset, *"abcde")
    version = services.freeze(dataset=dataset)
    assert woken == [version.pk] and statistics.look(dataset, version) is None
    statistics.sweep()
    assert woken == [version.pk] * 2
    cache.set(statistics.counting_key(version.pk), True)
    statistics.count_version(str(version.pk))
    statistics.sweep()
    assert len(woken) == 2 and statistics.look(dataset, version) is None  # another worker counts
    cache.delete(statistics.counting_key(version.pk))
    statistics.count_version(str(version.pk))
    assert DatasetVersion.objects.get().statistics["rows"] == 5
    statistics.sweep()
    assert len(woken) == 2 and statistics.look(dataset, None) is None  # the draft, as large


def test_over_http(send, owner, dataset):
    put(dataset, "a", "b")
    services.freeze(dataset=dataset)
    editing.remove(dataset=dataset, rows=dataset.draft.filter(content__prompt="b"))
    path = f"/api/datasets/{dataset.pk}/statistics"
    found = send(owner, "get", path, {"version": 1, "model": "starter"}).json()
    assert (found["status"], found["rows"], found["tokens"]["model"]) == ("ready", 2, "starter@1")
    assert send(owner, "get", path).json()["rows"] == 1
    assert send(owner, "get", path, {"model": "gone"}).status_code == 422
