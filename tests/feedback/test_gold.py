"""Gold items: mixed in so that nobody can tell, counted for each rater, and never among what is trained on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.accounts.models import Asker, Membership, Role, User
from flowbuilder.feedback import gold, queue
from flowbuilder.feedback.agreement import agreement
from flowbuilder.feedback.exporting import counts
from flowbuilder.feedback.models import Gold, GoldAnswer, Rating
from flowbuilder.feedback.services import rate


@given(
    st.integers(1, 1000), st.integers(0, 10_000), st.integers(2, 20), st.integers(1, 60), st.integers(0, 9)
)
def test_what_is_to_go_shrinks_by_one_whatever_comes(person, place, often, others, golden):
    left = gold.to_go(person, place, often, others=others, gold=golden)
    while others:
        assert gold.to_go(person, place, often, others=others, gold=golden) == left
        if golden and gold.comes(person, place, often):
            golden -= 1
        else:
            others -= 1
        place, left = place + 1, left - 1
    assert left == 0


@pytest.mark.parametrize("often", [2, 5, 10])
def test_it_comes_as_often_as_is_said_and_not_in_a_rhythm(often):
    places = [place for place in range(5000) if gold.comes(3, place, often)]
    assert len(places) == pytest.approx(5000 / often, rel=0.15)
    assert len({b - a for a, b in zip(places, places[1:], strict=False)}) > 3
    assert places != [place for place in range(5000) if gold.comes(4, place, often)]
    assert not any(gold.comes(3, place, 0) for place in range(100))


pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def written(asker, flow) -> Gold:
    return gold.write(asker=asker, flow=flow, prompt="Q: A van?", answer="It has wings.", up=False, why="No.")


@pytest.fixture
def always(monkeypatch):
    """Gold comes whenever there is some."""
    monkeypatch.setattr(gold, "comes", lambda person, place, often: True)


@pytest.fixture
def rater(workspace) -> Asker:
    """Another one than the teammate, who may only run."""
    user = User.objects.create_user("rater@example.test", "correct horse battery")
    Membership.objects.create(user=user, workspace=workspace, role=Role.RUNNER)
    return Asker(user=user, workspace=workspace, role=Role.RUNNER)


def test_it_comes_like_any_other(api_client, rater, written, make_run, always, flow):
    run = make_run()
    client = api_client(rater.user)
    shown = client.get("/feedback/review/").content.decode()
    assert "It has wings." in shown and "2 to go" in shown
    path = f"/feedback/review/{written.pk}/"
    after = client.post(path, {"verdict": "down", "reason": "wrong"}, headers=HTMX).content.decode()
    assert "It has an id." in after and "1 to go" in after
    for card, item in ((shown, written), (after, run)):
        assert f'action="/feedback/review/{item.pk}/?"' in card and flow.name in card
    assert blanked(shown, written.pk, "It has wings.", "Q: A van?") == blanked(
        client.get("/feedback/review/").content.decode(), run.pk, "It has an id.", "Q: A parcel?"
    )
    assert list(GoldAnswer.objects.values_list("person", "up")) == [(rater.user.pk, False)]
    assert not Rating.objects.exists()


def blanked(page: str, pk, answer: str, prompt: str) -> str:
    """A card without what its item says."""
    form = page[
        page.index('data-testid="review"') : page.index("</form>", page.index('data-testid="review"'))
    ]
    form = form[: form.index("csrfmiddlewaretoken")] + form[form.index("card-body") :]
    for text in (str(pk), answer, prompt, "2 to go", "1 to go"):
        form = form.replace(text, "")
    return form


def test_each_meets_it_once_and_its_maker_never(rater, asker, as_teammate, written, make_run, always):
    make_run()
    assert queue.next_answer(asker)[0].text == "It has an id."
    assert queue.next_answer(rater)[0].id == written.pk
    gold.answer(asker=rater, gold=written, up=True)
    gold.answer(asker=rater, gold=written, up=False)
    assert GoldAnswer.objects.get().up is True  # the first word stands
    assert queue.next_answer(rater)[0].text == "It has an id."
    assert queue.next_answer(as_teammate)[0].id == written.pk


def test_a_rated_answer_becomes_gold_and_leaves_the_queue_as_what_it_was(
    asker, rater, as_teammate, make_run, always
):
    run, another = make_run("It flies."), make_run("It drives.")
    rating = rate(asker=asker, run=run, kind="correction", correction="It drives.")
    item = gold.from_rating(asker=as_teammate, rating=rating)
    assert (item.up, item.why, item.prompt, item.answer) == (False, "It drives.", "Q: A parcel?", "It flies.")
    assert run not in queue.unrated(rater)
    assert queue.next_answer(rater)[0].id == item.pk
    assert queue.next_answer(asker) == (None, 0) or queue.next_answer(asker)[0].id == another.pk
    assert rating in Rating.objects.told()  # what the sure one said is as true as before


def test_what_cannot_be_gold_is_refused(send, owner, run, flow):
    skip = send(owner, "post", f"/api/runs/{run.pk}/ratings", {"kind": "skip"}).json()
    refused = send(owner, "post", "/api/feedback/gold", {"rating": skip["id"]})
    assert refused.status_code == 422 and "good or a bad answer" in refused.json()["error"]["message"]
    send(owner, "post", f"/api/runs/{run.pk}/ratings", {"kind": "thumbs", "up": True})
    up = Rating.objects.get()
    assert send(owner, "post", "/api/feedback/gold", {"rating": str(up.pk)}).status_code == 201
    assert send(owner, "post", "/api/feedback/gold", {"rating": str(up.pk)}).status_code == 409
    assert send(owner, "post", "/api/feedback/gold", {"flow": str(flow.pk), "prompt": "?"}).status_code == 422
    assert send(owner, "put", "/api/feedback/gold/frequency", {"every": 1}).status_code == 422


def test_what_is_said_of_gold_is_trained_on_by_nobody(asker, rater, as_teammate, written, flow):
    for who in (rater, as_teammate):
        gold.answer(asker=who, gold=written, up=True)
    said = Rating.objects.visible_to(asker)
    assert not said.exists() and agreement(said) is None and set(counts(said).values()) == {0}


def test_accuracy_of_each_rater(asker, rater, as_teammate, flow, make_run):
    items = [gold.write(asker=asker, flow=flow, prompt="?", answer=f"{n}", up=n % 2 == 0) for n in range(10)]
    for number, item in enumerate(items):
        gold.answer(asker=rater, gold=item, up=item.up if number < 8 else not item.up)
    gold.answer(asker=as_teammate, gold=items[0], up=None)
    rate(asker=rater, run=make_run(), kind="thumbs", up=True)
    found = {one.person: one for one in gold.raters(asker.workspace.pk)}
    assert (found[rater.user].ratings, found[rater.user].answered, found[rater.user].right) == (1, 10, 8)
    assert found[rater.user].interval == pytest.approx((0.490, 0.943), abs=0.001)
    assert as_teammate.user not in found or found[as_teammate.user].accuracy is None


def test_an_export_without_those_who_are_unsure(send, owner, asker, rater, as_teammate, flow, make_run):
    items = [gold.write(asker=asker, flow=flow, prompt="?", answer=f"{n}", up=True) for n in range(4)]
    for number, item in enumerate(items):
        gold.answer(asker=rater, gold=item, up=number < 2)
        gold.answer(asker=as_teammate, gold=item, up=True)
    for who, words in ((rater, "unsure"), (as_teammate, "sure"), (asker, "never tested")):
        rate(asker=who, run=make_run(words), kind="thumbs", up=True)

    def exported(**query) -> list[str]:
        answer = send(owner, "get", "/api/feedback/export", {"format": "completion", **query})
        return [json.loads(line)["completion"] for line in b"".join(answer).splitlines()]

    assert exported() == ["unsure", "sure", "never tested"]
    assert exported(min_gold=0.5) == ["unsure", "sure", "never tested"]
    assert exported(min_gold=0.8) == ["sure", "never tested"]
    assert send(owner, "get", "/api/feedback/export", {"min_gold": 2}).status_code == 422
    assert send(rater.user, "get", "/api/feedback/export", {"min_gold": 0.8}).status_code == 403


def test_the_pages_are_for_editors(api_client, owner, rater, written, flow, asker, run):
    client = api_client(owner)
    page = client.get("/feedback/gold/").content.decode()
    assert "It has wings." in page and "“No.”" in page and 'value="10"' in page
    assert client.post("/feedback/gold/frequency/", {"every": 4}).status_code == 302
    assert gold.every(flow.workspace) == 4
    wrong = {"flow": flow.pk, "prompt": "a\r\nb", "answer": "", "verdict": "good"}
    assert client.post("/feedback/gold/", wrong).status_code == 422
    assert client.post("/feedback/gold/", {**wrong, "answer": "c\r\nd"}).status_code == 302
    assert Gold.objects.filter(prompt="a\nb", answer="c\nd", up=True).exists()
    rating = rate(asker=asker, run=run, kind="thumbs", up=True)
    assert "Use this answer as gold" in client.get("/feedback/").content.decode()
    made = client.post(f"/feedback/{rating.pk}/gold/", headers=HTMX)
    assert "Gold" in made.content.decode()
    shown = client.get("/feedback/").content.decode()
    assert "Use this answer as gold" not in shown and 'data-testid="rater"' in shown
    assert client.post(f"/feedback/gold/{written.pk}/deletion/").status_code == 302
    theirs = api_client(rater.user)
    assert theirs.get("/feedback/gold/").status_code == 403
    assert theirs.post(f"/feedback/{rating.pk}/gold/").status_code == 403
    seen = theirs.get("/feedback/").content.decode()
    assert 'data-testid="rater"' not in seen and "Gold" not in seen.split("<main")[1]


def test_over_http(send, owner, rater, written, make_run, always):
    make_run()
    first = send(rater.user, "get", "/api/feedback/review").json()
    assert first["left"] == 2 and first["item"] | {"flow": ""} == {
        "id": str(written.pk), "flow": "", "prompt": "Q: A van?", "answer": "It has wings."
    }  # fmt: skip
    path = f"/api/feedback/review/{first['item']['id']}"
    assert (
        send(rater.user, "post", path, {"verdict": "correct", "correction": "It has wings."}).status_code
        == 422
    )
    assert send(rater.user, "post", path, {"verdict": "correct", "correction": "No."}).status_code == 204
    second = send(rater.user, "get", "/api/feedback/review").json()["item"]
    assert (
        send(rater.user, "post", f"/api/feedback/review/{second['id']}", {"verdict": "up"}).status_code == 204
    )
    assert send(rater.user, "get", "/api/feedback/review").json()["item"] is None
    (row,) = [row for row in send(owner, "get", "/api/feedback/raters").json() if row["gold"]["answered"]]
    assert (row["person"], row["ratings"], row["gold"]["right"]) == ("rater@example.test", 1, 1)
    assert send(rater.user, "get", "/api/feedback/raters").status_code == 403
    assert send(rater.user, "get", "/api/feedback/gold").status_code == 403
