"""A visitor has a second answer written, and says which is better."""

import pytest

from flowbuilder.feedback.models import Comparison, Rating
from flowbuilder.publishing import doors as ways_in
from flowbuilder.runs.models import Run, Status

pytestmark = pytest.mark.django_db


def answered(run_id, reply: str) -> None:
    """As a worker would leave it."""
    run = Run.objects.get(pk=run_id)
    run.events.create(seq=1, type="node.finished", node="reply_1", data={"outputs": {"out": reply}}, at=0)
    run.events.create(seq=2, type="run.finished", data={"reply": reply}, at=0)
    Run.objects.filter(pk=run_id).update(status=Status.FINISHED, reply=reply)


@pytest.fixture
def first(asker, live_flow, visit) -> str:
    """Id of a question that was answered, on a page that takes pairs."""
    ways_in.change(asker=asker, flow=live_flow, pairs=True)
    run = visit.ask("Ann").json()["id"]
    answered(run, "Hello, Ann!")
    return f"/{run}/comparison"


def test_the_verdict_is_a_preference_pair_of_nobody_in_particular(visit, first):
    assert [visit.send("post", first).status_code for _ in range(2)] == [202, 202]
    comparison = Comparison.objects.get()
    assert visit.send("get", first).json() == {"status": "open"}
    second = next(run for run in (comparison.left, comparison.right) if run.status != Status.FINISHED)
    assert second.inputs["question"] == "Ann" and second.session == ""
    answered(second.pk, "Good day, **Ann**!")
    ready = visit.send("get", first).json()
    assert {ready["left"]["text"], ready["right"]["text"]} == {"Hello, Ann!", "Good day, **Ann**!"}
    better = "left" if ready["left"]["text"].startswith("Good") else "right"
    for said in ("equal", better):
        assert visit.send("put", f"{first}/verdict", {"better": said}).status_code == 204
    rating = Rating.objects.get()
    assert (rating.kind, rating.answer, rating.person) == ("pair", "Good day, **Ann**!", None)
    assert rating.pairs() == [("Good day, **Ann**!", "Hello, Ann!")]


def test_only_where_the_owner_allows_it_and_for_one_s_own_question(asker, live_flow, doors, visit, first):
    from tests.publishing.conftest import Visit

    assert Visit(doors.address).send("post", first).status_code == 404
    assert visit.send("get", first).status_code == 404  # nobody asked for a second answer
    for closing in ({"pairs": False}, {"pairs": True, "feedback": False}):
        ways_in.change(asker=asker, flow=live_flow, **closing)
        assert visit.send("post", first).status_code == 403
    assert not Comparison.objects.exists()


def test_a_question_without_an_answer_has_no_second_one(asker, live_flow, visit):
    ways_in.change(asker=asker, flow=live_flow, pairs=True)
    run = visit.ask("Ann").json()["id"]
    assert visit.send("post", f"/{run}/comparison").status_code == 409


def test_a_second_answer_counts_as_a_question(asker, live_flow, visit, redis_server):
    ways_in.change(asker=asker, flow=live_flow, pairs=True, visitor_rate=1)
    run = visit.ask("Ann").json()["id"]
    answered(run, "Hello, Ann!")
    assert visit.send("post", f"/{run}/comparison").status_code == 429
