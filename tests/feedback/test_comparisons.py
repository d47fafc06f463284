"""Two answers to one question, judged blind."""

import pytest

from flowbuilder.feedback.models import Comparison, Rating
from flowbuilder.runs.models import Run, Status
from tests.feedback.conftest import finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(flow) -> str:
    return f"/api/flows/{flow.pk}/comparisons"


@pytest.fixture
def ready(send, owner, path, run):
    """A comparison whose runs gave "left" and "right"."""
    comparison = Comparison.objects.get(pk=send(owner, "post", path, {"run": str(run.pk)}).json()["id"])
    for side in ("left", "right"):
        finish(getattr(comparison, side), side)
    return comparison


def test_the_same_question_is_asked_twice_without_the_seed(send, owner, path, run):
    row = send(owner, "post", path, {"run": str(run.pk)}).json()
    assert row.keys() == {"id", "flow", "status"} and row["status"] == "running"
    asked = Run.objects.exclude(pk=run.pk)
    assert [again.inputs for again in asked] == [{"question": "A parcel?"}] * 2
    assert all("seed" not in again.graph["nodes"][2]["settings"] for again in asked)


def test_each_of_two_models_gets_one_side(send, owner, path):
    models = ["starter", "starter@1"]
    comparison = send(owner, "post", path, {"inputs": {"question": "?"}, "models": models}).json()["id"]
    found = Comparison.objects.get(pk=comparison)
    assert found.left.graph["nodes"][2]["settings"]["model"] == "starter@1"


def test_which_side_is_which_is_drawn(asker, flow, monkeypatch):
    from flowbuilder.feedback import comparisons

    sides = set()
    for order in (list, lambda runs: list(reversed(runs))):
        monkeypatch.setattr(
            comparisons.secrets.SystemRandom,
            "shuffle",
            lambda self, runs, order=order: runs.__setitem__(slice(None), order(runs)),
        )
        found = comparisons.compare(asker=asker, flow=flow)
        sides.add(found.left.created_at < found.right.created_at)
    assert sides == {True, False}


def test_nothing_tells_them_apart_before_the_verdict(send, owner, ready):
    row = send(owner, "get", f"/api/comparisons/{ready.pk}").json()
    assert (row["status"], row["left"], row["right"]) == ("ready", {"text": "left"}, {"text": "right"})


def test_the_verdict_is_a_pair_and_a_later_one_replaces_it(send, owner, ready):
    verdict = f"/api/comparisons/{ready.pk}/verdict"
    told = send(owner, "put", verdict, {"better": "left"}).json()
    assert (told["better"], told["left"]["model"], told["left"]["run"]) == (
        "left",
        "starter@1",
        str(ready.left_id),
    )
    assert Rating.objects.get().pairs() == [("left", "right")]
    send(owner, "put", verdict, {"better": "right", "comment": "Shorter."})
    rating = Rating.objects.get()
    assert (rating.pairs(), rating.prompt, rating.comment) == (
        [("right", "left")],
        "Q: A parcel?",
        "Shorter.",
    )
    send(owner, "put", verdict, {"better": "equal"})
    assert Rating.objects.get().tie and Rating.objects.get().pairs() == []
    assert send(owner, "get", f"/api/comparisons/{ready.pk}").json()["better"] == "equal"


def test_a_verdict_and_thumbs_stand_beside_each_other_and_people_too(send, owner, teammate, ready):
    verdict = f"/api/comparisons/{ready.pk}/verdict"
    for person in (owner, teammate):
        send(person, "put", verdict, {"better": "left"})
        send(person, "post", f"/api/runs/{ready.left_id}/ratings", {"kind": "thumbs", "up": True})
    assert Rating.objects.count() == 4


def test_there_is_no_verdict_without_two_different_answers(send, owner, path, run):
    comparison = Comparison.objects.get(pk=send(owner, "post", path, {"run": str(run.pk)}).json()["id"])
    verdict = f"/api/comparisons/{comparison.pk}/verdict"
    assert send(owner, "put", verdict, {"better": "left"}).status_code == 409
    finish(comparison.left, "same")
    finish(comparison.right, "same")
    assert send(owner, "put", verdict, {"better": "left"}).status_code == 422
    assert send(owner, "put", verdict, {"better": "equal"}).status_code == 200


def test_a_run_that_failed_is_told(send, owner, ready):
    Run.objects.filter(pk=ready.right_id).update(status=Status.FAILED, error="No memory.")
    row = send(owner, "get", f"/api/comparisons/{ready.pk}").json()
    assert row["status"] == "failed" and "No memory." in row["error"]


def test_a_flow_that_trains_is_not_asked_again(send, owner, path, flow):
    flow.graph = {"nodes": [{"id": "tune", "type": "training.fine_tune"}], "wires": []}
    flow.save()
    answer = send(owner, "post", path, {})
    assert answer.status_code == 409 and "'tune' trains" in answer.json()["error"]["message"]
    assert not Run.objects.exists()


def test_who_may_not(send, viewer, stranger, path, ready):
    verdict = f"/api/comparisons/{ready.pk}/verdict"
    assert send(viewer, "post", path, {}).status_code == 403
    assert send(viewer, "put", verdict, {"better": "left"}).status_code == 403
    assert send(stranger, "post", path, {}).status_code == 404
    assert send(stranger, "put", verdict, {"better": "left"}).status_code == 404
    assert send(None, "put", verdict, {"better": "left"}).status_code == 401
    assert not Rating.objects.exists()


def test_a_run_of_another_flow_is_not_asked_again(send, owner, path, run, workspace):
    from flowbuilder.flows.models import Flow

    other = Flow.objects.create(workspace=workspace, name="Other", slug="other")
    assert send(owner, "post", f"/api/flows/{other.pk}/comparisons", {"run": str(run.pk)}).status_code == 404
