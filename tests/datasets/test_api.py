"""Datasets over HTTP: made, filled, mended, frozen, compared, exported; each asker gets the right answer."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from flowbuilder.datasets import services
from flowbuilder.datasets.models import Dataset, Row
from tests.datasets.conftest import put

pytestmark = pytest.mark.django_db
PAIR = {"prompt": "a?", "chosen": "yes", "rejected": "no"}


@pytest.fixture
def path(dataset) -> str:
    return f"/api/datasets/{dataset.pk}"


def upload(client, path, name, data):
    return client.post(f"{path}/import", {"file": SimpleUploadedFile(name, data)})


def test_from_nothing_to_an_exported_version(send, api_client, owner):
    made = send(owner, "post", "/api/datasets", {"name": "taste", "kind": "preference"})
    assert made.status_code == 201
    path = f"/api/datasets/{made.json()['id']}"
    assert send(owner, "post", f"{path}/rows", {"content": PAIR}).json() == {
        "kept": 1,
        "known": 0,
        "held_out": 0,
    }
    lines = "\n".join(json.dumps({**PAIR, "prompt": f"{n}?"}) for n in range(3)).encode()
    assert upload(api_client(owner), path, "more.jsonl", lines).json()["kept"] == 3
    assert upload(api_client(owner), path, "more.jsonl", lines).json() == {
        "kept": 0,
        "known": 3,
        "held_out": 0,
    }
    version = send(owner, "post", f"{path}/versions", {"note": "first"}).json()
    assert version["ref"] == "taste@1" and version["made_by"] == "owner@example.test"
    assert send(owner, "post", f"{path}/versions", {}).status_code == 409
    whole = send(owner, "get", path).json()
    assert (whole["newest"], whole["differs"], sum(whole["draft"].values())) == (1, False, 4)
    assert [one["ref"] for one in send(owner, "get", "/api/datasets").json()[0]["versions"]] == ["taste@1"]
    answer = send(owner, "get", f"{path}/export", {"version": 1, "file": "csv", "details": True})
    assert answer["Content-Disposition"] == 'attachment; filename="taste-1.csv"'
    text = b"".join(answer).decode("utf-8-sig")
    assert text.splitlines()[0] == "prompt,chosen,rejected,split,origin" and "a?,yes,no," in text


def test_a_synthetic_row_is_so_wherever_it_goes(send, api_client, owner, dataset, path, make_dataset):
    put(dataset, *(f"q {n}" for n in range(20)), origin="synthetic")
    exported = b"".join(send(owner, "get", f"{path}/export", {"details": True}))
    other = make_dataset(name="other")
    upload(api_client(owner), f"/api/datasets/{other.pk}", "rows.jsonl", exported)
    assert other.draft.count() == dataset.draft.count() > 0
    assert set(other.draft.values_list("origin", "split")) == {("synthetic", "train")}


def test_rows_are_found_mended_removed_and_restored(send, owner, path, dataset):
    put(dataset, "apple", "pear")
    services.freeze(dataset=dataset)
    (row,) = send(owner, "get", f"{path}/rows", {"q": "APPLE"}).json()["rows"]
    mended = send(
        owner, "put", f"{path}/rows/{row['id']}", {"content": {"prompt": "apple", "completion": "red"}}
    )
    assert mended.json()["origin"] == "mended" and mended.json()["by"] == "owner@example.test"
    assert send(owner, "put", f"{path}/rows/{row['id']}", {"content": PAIR}).status_code == 409
    new = mended.json()["id"]
    assert (
        send(owner, "put", f"{path}/rows/{new}", {"content": {}})
        .json()["error"]["message"]
        .startswith("'prompt'")
    )
    history = send(owner, "get", f"{path}/rows/{new}/history").json()
    assert [(one["gone"], one["in_draft"]) for one in history] == [("mended", False), ("", True)]
    assert send(owner, "delete", f"{path}/rows/{new}").status_code == 204
    changed = send(owner, "get", f"{path}/difference", {"since": 1}).json()
    assert changed["counts"] == {"added": 0, "removed": 1, "changed": 0}
    assert send(owner, "post", f"{path}/rows/{row['id']}/restoration").json()["in_draft"]
    assert send(owner, "get", f"{path}/rows", {"version": 1}).json()["total"] == 2
    assert send(owner, "get", f"{path}/rows", {"version": 2}).status_code == 404


def test_problems_are_found_and_duplicates_removed_at_once(send, owner, make_dataset):
    dataset = make_dataset("label", name="labels")
    put(dataset, "a", "a", {"prompt": "a", "completion": "re: a", "label": False}, skip_known=False)
    put(
        dataset,
        {"prompt": "b", "completion": " ", "label": True},
        {"prompt": "c", "completion": "x" * 9000, "label": True},
    )
    path = f"/api/datasets/{dataset.pk}"
    found = {
        problem: send(owner, "get", f"{path}/rows", {"problem": problem}).json()["total"]
        for problem in ("duplicate", "contradictory", "empty", "too_long")
    }
    assert found == {"duplicate": 1, "contradictory": 3, "empty": 1, "too_long": 1}
    assert send(owner, "delete", f"{path}/duplicates").json() == {"removed": 1}


def test_a_wrong_file_is_named_and_nothing_is_kept(api_client, owner, path):
    client = api_client(owner)
    for name, data, says in (
        ("rows.jsonl", b'{"prompt": "a", "completion": "b"}\n{"prompt": "a"}', "Line 2: 'completion'"),
        ("rows.csv", b"prompt,completion\na,b\nc", "Line 3: it has no cell"),
        ("rows.exe", b"x", "no .jsonl, .csv or .parquet"),
    ):
        answer = upload(client, path, name, data)
        assert answer.status_code == 422 and says in answer.json()["error"]["message"]
    assert not Row.objects.exists()


def test_a_prompt_moves_with_its_reason(send, owner, path, dataset):
    (row,) = put(dataset, "a")
    where = f"{path}/rows/{row.pk}/split"
    assert send(owner, "put", where, {"split": "test", "reason": ""}).status_code == 422
    assert send(owner, "put", where, {"split": "test", "reason": "Asked by a customer."}).json() == {
        "moved": 1
    }
    services.freeze(dataset=dataset)
    assert send(owner, "put", where, {"split": "train", "reason": "Too few."}).status_code == 409


def test_feedback_is_collected(send, owner, workspace, make_dataset):
    from flowbuilder.feedback.models import Rating

    dataset = make_dataset("preference", name="taste")
    said = {"prompt": "a?", "answer": "poor", "correction": "good", "person": owner}
    Rating.objects.create(workspace=workspace, kind="correction", **said)
    path = f"/api/datasets/{dataset.pk}/collection"
    assert send(owner, "post", path, {}).json()["kept"] == 1
    assert send(owner, "post", path, {"person": owner.pk, "agreement": 0.5}).json()["known"] == 1
    assert send(owner, "post", path, {"person": 10**6}).status_code == 404


def test_who_may(send, api_client, owner, teammate, viewer, stranger, path, dataset):
    (row,) = put(dataset, "a")
    services.freeze(dataset=dataset)
    body = {"content": {"prompt": "x", "completion": "y"}}
    for who, reads, writes in ((owner, 200, 201), (viewer, 200, 403), (stranger, 404, 404), (None, 401, 401)):
        assert send(who, "get", f"{path}/rows").status_code == reads
        assert send(who, "get", f"{path}/export").status_code == reads
        assert send(who, "post", f"{path}/rows", body).status_code == writes
        assert upload(api_client(who), path, "a.csv", b"prompt,completion\nq,a\n").status_code == writes
    assert send(stranger, "get", "/api/datasets").json() == []
    assert send(stranger, "put", f"{path}/rows/{row.pk}", body).status_code == 404
    assert send(owner, "delete", path).status_code == 204 and not Dataset.objects.exists()
