"""Sets, cases and runs in the browser and over HTTP."""

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile

from flowbuilder.testcases.models import TestResult, TestRun, TestRunStatus, TestSet
from tests.testcases.conftest import DEPOTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(api_client, owner):
    return api_client(owner)


def finished(test_set, note: str, recall: float, missed: list) -> TestRun:
    case, _ = test_set.cases.get_or_create(question="depot?", expected_answer="x")
    test_run = TestRun.objects.create(
        workspace=test_set.workspace,
        set=test_set,
        note=note,
        status=TestRunStatus.FINISHED,
        retrieval={"mode": "hybrid"},
        metrics={"R@5": recall, "RR": recall},
        planned=1,
    )
    TestResult.objects.create(
        test_run=test_run,
        case=case,
        question=case.question,
        measures={"R@5": recall, "RR": recall},
        missed=missed,
    )
    return test_run


async def collected(pieces) -> list[bytes]:
    return [piece async for piece in pieces]


def test_from_a_base_to_a_set_to_its_cases(client, base, document):
    made = client.post(f"/tests/of/{base.pk}/", {"name": "Records"})
    test_set = TestSet.objects.get()
    assert made["Location"] == f"/tests/{test_set.pk}/"
    sent = {"question": "Depot?", "expected_answer": "code", "document": "protocol.md", "quotes": DEPOTS}
    client.post(f"/tests/{test_set.pk}/cases/", sent)
    case = test_set.cases.get()
    assert case.expected.get().document == document
    client.post(
        f"/tests/{test_set.pk}/cases/", {"case": case.pk, "question": "Depots?", "expected_answer": "y"}
    )
    page = client.get(f"/tests/{test_set.pk}/").content.decode()
    assert "Depots?" in page and DEPOTS in page
    upload = SimpleUploadedFile("c.csv", b"question,expected_answer\nmore?,yes\n")
    client.post(f"/tests/{test_set.pk}/import/", {"file": upload})
    assert test_set.cases.count() == 2
    client.post(f"/tests/{test_set.pk}/cases/{case.pk}/deletion/")
    assert test_set.cases.count() == 1
    assert "Records" in client.get(f"/tests/of/{base.pk}/").content.decode()


def test_a_refused_case_is_explained(client, test_set):
    answer = client.post(f"/tests/{test_set.pk}/cases/", {"question": "Depot?"})
    assert answer.status_code == 422 and "hold to" in answer.content.decode()


def test_a_run_names_what_got_worse_and_how_it_went(client, test_set):
    first = finished(test_set, "small passages", 1.0, [])
    second = finished(test_set, "large passages", 0.0, [{"id": 1, "source": "protocol.md", "quote": DEPOTS}])
    page = client.get(f"/tests/runs/{second.pk}/").content.decode()
    assert 'data-testid="regression"' in page and "Lost:" in page and "1.00 → 0.00" in page
    other_way = client.get(f"/tests/runs/{first.pk}/?before={second.pk}").content.decode()
    assert 'data-testid="improvement"' in other_way
    sets = client.get(f"/tests/{test_set.pk}/").content.decode()
    assert "<polyline" in sets and "large passages" in sets
    compared = client.get(f"/api/test-runs/{second.pk}/comparison?before={first.pk}").json()
    assert compared["regressions"][0]["lost"][0]["quote"] == DEPOTS and compared["same"] == 0


def test_runs_are_started_and_their_recall_taken_away(client, test_set):
    finished(test_set, "x", 1.0, [])
    client.post(f"/tests/{test_set.pk}/runs/", {"note": "again", "mode": "keywords"})
    queued = test_set.runs.get(note="again")
    assert (queued.status, queued.retrieval["mode"]) == ("queued", "keywords")
    row = client.get(f"/api/test-runs/{queued.pk}").json()
    assert (row["planned"], row["done"], row["results"]) == (1, 0, [])
    client.post(f"/tests/runs/{queued.pk}/cancellation/")
    report = client.get(f"/api/test-runs/{test_set.runs.last().pk}/recall")
    written = b"".join(async_to_sync(collected)(report.streaming_content))
    assert b"query_id,query,retrieved_ids,expected_ids,recall" in written


def test_a_brought_report_is_measured(client):
    def upload():
        return {"file": SimpleUploadedFile("r.csv", b"query,retrieved_ids,expected_ids\nq,1;2,2;3\n")}

    assert "0.5000" in client.post("/tests/recall/", upload()).content.decode()
    assert client.post("/api/recall-reports", upload()).json()["average"] == 0.5


def test_passages_of_another_base_are_none_of_this_set(client, test_set, document, stranger):
    body = {"question": "q", "expected": [{"passage": document.passages.first().pk}]}
    made = client.post(f"/api/test-sets/{test_set.pk}/cases", body, content_type="application/json")
    assert made.status_code == 201 and made.json()["expected"][0]["document"] == "protocol.md"
    body = {"question": "q", "expected": [{"passage": 10**6}]}
    assert (
        client.post(f"/api/test-sets/{test_set.pk}/cases", body, content_type="application/json").status_code
        == 404
    )
