"""Ratings over HTTP: read from the run, one for each person and answer, seen by whom they concern."""

import pytest

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.feedback.models import Rating
from flowbuilder.modelhub.models import Alias, Model

pytestmark = pytest.mark.django_db
UP = {"kind": "thumbs", "up": True}
DOWN = {"kind": "thumbs", "up": False, "reason": "wrong", "comment": "It weighs 3 kg."}


@pytest.fixture
def path(run) -> str:
    return f"/api/runs/{run.pk}/ratings"


def test_prompt_answer_and_model_are_the_run_s(send, owner, path, run):
    Model.objects.get(name="starter").versions.update(number=2)  # what answered then is what counts
    forged = {**UP, "prompt": "?", "answer": "!", "model": "other@9"}
    row = send(owner, "post", path, forged).json()
    told = {name: row[name] for name in ("node", "prompt", "answer", "model", "person", "mine")}
    assert told == {
        "node": "model",
        "prompt": "Q: A parcel?",
        "answer": "It has an id.",
        "model": "starter@1",
        "person": "owner@example.test",
        "mine": True,
    }


def test_a_run_whose_events_tell_no_version_has_the_one_in_production(send, owner, path, run):
    run.events.filter(type="node.report").delete()
    assert send(owner, "post", path, UP).json()["model"] == "starter@1"
    Alias.objects.all().delete()
    assert send(owner, "post", path, UP).json()["model"] == "starter"


def test_a_later_rating_replaces_the_earlier_one_and_only_one_s_own(send, owner, teammate, path):
    send(owner, "post", path, UP)
    send(teammate, "post", path, DOWN)
    send(owner, "post", path, {"kind": "correction", "correction": "It has an id and a weight."})
    shown = send(teammate, "get", path).json()
    assert shown["reply"] == "model"
    assert {(row["kind"], row["up"], row["mine"]) for row in shown["ratings"]} == {
        ("correction", None, False),
        ("thumbs", False, True),
    }


def test_every_node_has_ratings_of_its_own(send, owner, path):
    send(owner, "post", path, UP)
    assert send(owner, "post", path, {**DOWN, "node": "prompt"}).json()["prompt"] == "A parcel?"
    assert send(owner, "post", path, {**DOWN, "node": "reply"}).json()["node"] == "model"
    assert Rating.objects.count() == 2


def test_a_ranking_orders_the_answers_of_a_node(send, owner, path):
    row = send(owner, "post", path, {"kind": "ranking", "node": "many", "order": [2, 0, 1]}).json()
    assert [row["answer"], *(other["answer"] for other in row["others"])] == ["c", "a", "b"]
    assert Rating.objects.get().pairs() == [("c", "a"), ("c", "b"), ("a", "b")]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"kind": "thumbs"}, 422, "up or down"),
        ({"kind": "pair"}, 422, "kind"),
        ({"kind": "correction", "correction": " "}, 422, "other than the one"),
        ({"kind": "correction", "correction": "It has an id."}, 422, "other than the one"),
        ({"kind": "thumbs", "up": False, "reason": "mood"}, 422, "reason"),
        ({"kind": "ranking", "node": "many", "order": [0, 0, 1]}, 422, "each of the node's 3 answers once"),
        ({"kind": "ranking", "order": [0]}, 422, "the best first"),
        ({"kind": "thumbs", "up": True, "node": "many"}, 422, "send a ranking"),
        ({"kind": "thumbs", "up": True, "node": "gone"}, 404, "gave nothing"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(send, owner, path, body, status, says):
    answer = send(owner, "post", path, body)
    assert answer.status_code == status and says in answer.json()["error"]["message"]
    assert not Rating.objects.exists()


def test_one_s_own_is_withdrawn_an_editor_withdraws_any(send, owner, teammate, path):
    Membership.objects.filter(user=teammate).update(role=Role.RUNNER)
    mine = send(teammate, "post", path, UP).json()["id"]
    theirs = send(owner, "post", path, UP).json()["id"]
    assert send(teammate, "delete", f"/api/ratings/{theirs}").status_code == 403
    assert send(teammate, "delete", f"/api/ratings/{mine}").status_code == 204
    assert send(owner, "delete", f"/api/ratings/{theirs}").status_code == 204


def test_who_may_not(send, viewer, stranger, path, owner):
    rating = send(owner, "post", path, UP).json()["id"]
    assert send(viewer, "post", path, UP).status_code == 403
    assert len(send(viewer, "get", "/api/ratings").json()) == 1
    assert send(stranger, "post", path, UP).status_code == 404
    assert send(stranger, "get", "/api/ratings").json() == []
    assert send(stranger, "delete", f"/api/ratings/{rating}").status_code == 404
    assert send(None, "get", "/api/ratings").status_code == 401


def test_the_list_is_narrowed(send, owner, teammate, path, flow):
    send(owner, "post", path, UP)
    send(teammate, "post", path, {"kind": "correction", "correction": "No."})
    asked = f"/api/ratings?flow={flow.pk}&kind=correction&person={teammate.pk}"
    assert [row["correction"] for row in send(owner, "get", asked).json()] == ["No."]
    assert send(owner, "get", "/api/ratings?offset=2").json() == []
