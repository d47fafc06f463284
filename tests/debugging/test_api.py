"""Asking and correcting over HTTP."""

import pytest

from flowbuilder.knowledge.models import KnowledgeBase, Passage
from flowbuilder.knowledge.retrieval import asking
from flowbuilder.runs.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(api_client, owner, monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.01)
    client = api_client(owner)
    return lambda path, body: client.post(path, body, content_type="application/json")


def test_a_question_gives_passages_and_a_run(post, base, passage, flow):
    body = {"question": "parcel", "flow": str(flow.pk), "looking": {"limit": 2}}
    answer = post(f"/api/knowledge/{base.pk}/questions", body)
    assert answer.status_code == 202 and answer.json()["run"]["id"] == str(Run.objects.get().pk)
    assert answer.json()["found"]["hits"][0]["passage_id"] == str(passage.pk)
    assert post(f"/api/knowledge/{base.pk}/questions", {"question": "parcel"}).json()["run"] is None


def test_a_correction_tells_what_was_made_of_it(post, base, passage, make_run):
    body = {"answer": "parcel_id", "passages": [passage.pk]}
    made = post(f"/api/runs/{make_run().pk}/correction", body)
    assert made.status_code == 201
    assert made.json()["answer"] == {"base": str(base.pk), "passage": Passage.objects.latest("pk").pk}
    assert made.json()["directly"] and made.json()["rating"] and made.json()["case"]["id"]


def test_a_base_of_another_workspace_is_none(post, base, make_run, stranger):
    elsewhere = KnowledgeBase.objects.create(workspace=stranger.memberships.get().workspace, name="x")
    body = {"answer": "parcel_id", "base": str(elsewhere.pk)}
    assert post(f"/api/runs/{make_run().pk}/correction", body).status_code == 404
    assert not elsewhere.passages.exists()
