"""The pages of datasets: rows looked at and mended in their place, versions, statistics; each asker gets the right answer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from flowbuilder.datasets import editing, services
from flowbuilder.datasets.models import Dataset
from tests.datasets.conftest import put

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def page(client, path, **query) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def path(dataset) -> str:
    return f"/datasets/{dataset.pk}/"


def test_a_dataset_is_made_and_shown(api_client, owner):
    client = api_client(owner)
    assert "No dataset yet" in page(client, "/datasets/")
    sent = {"name": "taste", "kind": "preference", "train_share": 70, "validation_share": 20}
    made = client.post("/datasets/", sent)
    dataset = Dataset.objects.get()
    assert made.url == f"/datasets/{dataset.pk}/" and dataset.test_share == 10
    assert "no version yet" in page(client, "/datasets/")
    again = client.post("/datasets/", sent)
    assert again.status_code == 422 and "already is a dataset" in again.content.decode()
    assert client.post("/datasets/", {**sent, "name": "x", "train_share": 95}).status_code == 422


def test_rows_are_narrowed_and_searched(api_client, owner, dataset, path):
    put(dataset, *(f"plum {n}" for n in range(30)), {"prompt": "<b>fig</b>", "completion": " "})
    client = api_client(owner)
    first = page(client, path)
    assert first.count('data-testid="row"') == 25 and "Page 1 of 2" in first and "31 rows" in first
    assert page(client, path, page=2).count('data-testid="row"') == 6
    found = page(client, path, q="FIG")
    assert "&lt;b&gt;fig" in found and "<b>fig" not in found and "Empty answer" in found
    assert page(client, path, problem="empty").count('data-testid="row"') == 1
    assert page(client, path, split="nonsense", version="x").count('data-testid="row"') == 25
    part = client.get(path, {"split": "test"}, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="rows"') and 'data-split="train"' not in part


def test_a_row_is_mended_in_its_place(api_client, owner, dataset, path):
    (row,) = put(dataset, "apple")
    client = api_client(owner)
    where = f"{path}rows/{row.pk}/"
    form = client.get(f"{where}?mend", headers=HTMX).content.decode()
    assert "<textarea" in form and "re: apple" in form
    wrong = client.post(where, {"prompt": "", "completion": "x"}, headers=HTMX)
    assert wrong.status_code == 422 and "&#x27;prompt&#x27;" in wrong.content.decode()
    client.post(where, {"prompt": "apple", "completion": "red\r\nround"}, headers=HTMX)
    mended = dataset.draft.get()
    assert (mended.content["completion"], mended.origin, mended.by) == ("red\nround", "mended", owner)
    history = client.get(f"{path}rows/{mended.pk}/history/", headers=HTMX).content.decode()
    assert "re: apple" in history and "Restore this wording" in history
    client.post(f"{path}rows/{mended.pk}/removal/", headers=HTMX)
    assert not dataset.draft.exists() and "Restore" in page(client, path, problem="removed")
    assert client.post(f"{path}rows/{row.pk}/restoration/").status_code == 302
    assert dataset.draft.get() == row


def test_a_conversation_is_mended_turn_by_turn(api_client, owner, make_dataset):
    dataset = make_dataset("messages", name="chats")
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]
    (row,) = put(dataset, {"messages": turns})
    client = api_client(owner)
    where = f"/datasets/{dataset.pk}/rows/{row.pk}/"
    form = client.get(f"{where}?mend", headers=HTMX).content.decode()
    assert form.count('name="content-') == 4
    sent = {"role-0": "user", "content-0": "Hi", "role-1": "assistant", "content-1": "Hello"}
    sent |= {"role-2": "user", "content-2": "", "role-3": "assistant", "content-3": " "}
    assert client.post(where, sent, headers=HTMX).status_code == 200
    assert dataset.draft.get().content["messages"][1] == {"role": "assistant", "content": "Hello"}
    assert client.post(f"/datasets/{dataset.pk}/writing/", {**sent, "content-1": ""}).status_code == 422


def test_rows_are_written_imported_and_frozen(api_client, owner, dataset, path):
    client = api_client(owner)
    assert client.post(f"{path}writing/", {"prompt": "a", "completion": "b"}).status_code == 302
    file = SimpleUploadedFile("rows.csv", b"prompt,completion\nq,a\n")
    assert client.post(f"{path}import/", {"file": file}).status_code == 302
    wrong = client.post(f"{path}import/", {"file": SimpleUploadedFile("rows.csv", b"prompt,answer\nq,a\n")})
    shown = wrong.content.decode()
    assert (
        wrong.status_code == 422
        and "Line 2: &#x27;completion&#x27;" in shown
        and shown.count("rows.csv") == 1
    )
    assert client.post(f"{path}import/").status_code == 422
    assert "Freeze version 1" in page(client, path)
    client.post(f"{path}versions/", {"note": "first"})
    assert dataset.versions.get().note == "first" and "Freeze" not in page(client, path)
    shown = page(client, path, version=1)
    assert "Mend this row" not in shown and "export?file=csv&amp;version=1" in shown


def test_feedback_is_collected_on_the_page(api_client, owner, workspace, make_dataset):
    from flowbuilder.feedback.models import Rating

    dataset = make_dataset("preference", name="taste")
    said = {"prompt": "a?", "answer": "poor", "correction": "good", "person": owner}
    Rating.objects.create(workspace=workspace, kind="correction", **said)
    client = api_client(owner)
    answer = client.post(
        f"/datasets/{dataset.pk}/collection/", {"agreement": 0.5}, follow=True
    ).content.decode()
    assert "1 new, 0 known" in answer and "rated by owner@example.test" in answer
    assert client.post(f"/datasets/{dataset.pk}/collection/", {"agreement": 7}).status_code == 422


def test_versions_differences_and_statistics(api_client, owner, dataset, path):
    a, _ = put(dataset, "apple", "pear")
    services.freeze(dataset=dataset)
    client = api_client(owner)
    editing.mend(row=a, content={"prompt": "apple", "completion": "green"}, by=None)
    put(dataset, "plum")
    changed = page(client, f"{path}difference/")
    assert "1 added" in changed and "0 removed" in changed and "1 changed" in changed and "green" in changed
    assert client.get(f"{path}difference/?version=9").status_code == 404
    assert "What changed" in page(client, f"{path}versions/")
    figures = page(client, f"{path}statistics/", model="starter@1")
    assert "Tokens of starter@1, of 2 rows" in figures and figures.count('data-testid="histogram"') == 4
    assert "different prompts" in page(client, f"{path}statistics/", version="draft")


def test_duplicates_go_at_once(api_client, owner, dataset, path):
    put(dataset, "a", "a", "a", skip_known=False)
    client = api_client(owner)
    assert "Remove all duplicates" in page(client, path, problem="duplicate")
    assert "2 duplicates are removed" in client.post(f"{path}duplicates/", follow=True).content.decode()


def test_a_prompt_is_moved_with_a_reason(api_client, owner, dataset, path):
    (row,) = put(dataset, "a")
    client = api_client(owner)
    assert client.post(f"{path}rows/{row.pk}/split/", {"split": "test"}, headers=HTMX).status_code == 422
    client.post(f"{path}rows/{row.pk}/split/", {"split": "test", "reason": "Asked by a customer."})
    assert dataset.draft.get().split == "test" and dataset.placements.get().person == owner


def test_who_may(api_client, viewer, stranger, dataset, path):
    (row,) = put(dataset, "a")
    assert "Mend this row" not in page(api_client(viewer), path)
    assert "Import a file" not in page(api_client(viewer), path)
    assert (
        api_client(viewer).post(f"{path}rows/{row.pk}/", {"prompt": "x", "completion": "y"}).status_code
        == 403
    )
    assert api_client(stranger).get(path).status_code == 404
    assert "faq" not in page(api_client(stranger), "/datasets/")
    assert "/accounts/sign-in" in api_client(None).get(path).url
