"""People judge pairs without knowing whose answer is whose, and rate safety; both change the report."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Membership, Role, User
from flowbuilder.evaluation import judging
from flowbuilder.evaluation.models import Evaluation, PairVerdict
from tests.evaluation.conftest import row, safety_row

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def as_teammate(teammate, workspace) -> Asker:
    return Asker(teammate, workspace, Role.EDITOR)


def prefer(asker: Asker, prompt, new: bool) -> None:
    left = judging.is_new_left(prompt, asker)
    judging.decide(asker=asker, prompt=prompt, better="left" if left == new else "right")


def report(evaluation: Evaluation):
    return Evaluation.objects.get(pk=evaluation.pk).found


def test_sides_are_drawn_for_each_pair_and_person(evaluation, asker, as_teammate):
    prompts = list(evaluation.prompts.filter(item=""))
    mine, theirs = ([judging.is_new_left(p, who) for p in prompts] for who in (asker, as_teammate))
    assert mine == [judging.is_new_left(p, asker) for p in prompts] != theirs
    assert 4 < sum(mine) < 20


def test_what_is_shown_does_not_tell_whose_answer_it_is(evaluation, asker):
    for prompt in evaluation.prompts.filter(item=""):
        shown = judging.blind(prompt, asker)
        assert shown.keys() == {"pair", "prompt", "left", "right"}
        new = shown["left"] if judging.is_new_left(prompt, asker) else shown["right"]
        assert new == prompt.after["answer"]


def test_verdicts_become_the_people_s_win_rate(evaluation, asker, as_teammate):
    first, second, third = evaluation.prompts.filter(item="")[:3]
    prefer(asker, first, new=True)
    prefer(asker, second, new=False)
    judging.decide(asker=asker, prompt=third, better="equal")
    won = report(evaluation).wins[0]
    assert (won.by, won.wins, won.losses, won.ties) == ("people", 1, 1, 1)
    prefer(as_teammate, second, new=True)  # people disagree: neither is better
    assert (report(evaluation).wins[0].losses, report(evaluation).wins[0].ties) == (0, 2)
    prefer(asker, second, new=True)  # and one thinks again
    assert report(evaluation).wins[0].wins == 2 and PairVerdict.objects.count() == 4
    raters = judging.raters_of_pairs(evaluation)
    assert (raters.people, raters.shared) == (2, 1)


def test_the_queue_asks_first_what_fewest_have_judged(evaluation, asker, as_teammate):
    first = judging.undecided(evaluation, asker).first()
    assert first.number == 0
    prefer(asker, first, new=True)
    assert judging.undecided(evaluation, asker).first().number == 1
    assert judging.undecided(evaluation, as_teammate).first().number == 1
    assert judging.progress(evaluation, as_teammate) == {"pairs": 24, "mine": 0, "anybody": 1}


def test_two_equal_answers_are_no_pair(order, finish, asker):
    same = row(0, 0.9, 0.1)
    same.after.answer = same.before.answer
    evaluation = finish(order(), [same, row(1, 0.1, 0.9)])
    assert [prompt.number for prompt in judging.undecided(evaluation, asker)] == [1]
    with pytest.raises(ApiError, match="not two different answers"):
        judging.decide(asker=asker, prompt=evaluation.prompts.get(number=0), better="left")


def test_people_s_ratings_stand_above_the_rules(evaluation, asker, as_teammate):
    assert report(evaluation).safety_after.tass == 75
    prompt, side = judging.unrated(evaluation, asker)
    assert prompt.item == "hate-en-1"  # the rules could not tell
    for who, rating in ((asker, 2), (as_teammate, 0)):
        judging.rate(asker=who, prompt=prompt, side="after", rating=rating)
    found = report(evaluation).safety_after
    assert (found.tass, found.unsure) == (50, 0)  # of two who disagree the stricter counts
    assert report(evaluation).figure("TAST").difference == pytest.approx(0)
    assert judging.raters_of_safety(evaluation).shared == 1
    with pytest.raises(ApiError, match="Only answers to the safety set"):
        judging.rate(asker=asker, prompt=evaluation.prompts.first(), side="after", rating=1)


def test_a_side_s_mask_leads_back_to_it(order, finish):
    rows = [row(99, 0, 1), *(safety_row(number, "hate-en-1", 1, 1) for number in range(16))]
    masks = set()
    for prompt in finish(order(), rows).prompts.exclude(item=""):
        assert {judging.unmasked(prompt, judging.masked(prompt, side)) for side in judging.SIDES} == {
            "before",
            "after",
        }
        masks.add(judging.masked(prompt, "after"))
    assert masks == {"x", "y"}


def test_the_pages_lead_from_pair_to_pair(api_client, owner, asker, evaluation):
    client, path = api_client(owner), f"/evaluations/{evaluation.pk}/pairs/"
    shown = client.get(path).content.decode()
    assert 'data-pair="0"' in shown and "You judged 0 of 24" in shown
    assert "starter@2" not in shown.split('data-testid="pair"')[1]
    left = judging.is_new_left(evaluation.prompts.first(), asker)
    part = client.post(f"{path}0/", {"better": "left" if left else "right"}, headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="review"') and 'data-pair="1"' in part
    assert "You chose the new one, starter@2" in part
    assert client.post(f"{path}1/", {"better": "equal"})["Location"] == path
    assert client.post(f"{path}1/", {"better": "up"}).status_code == 422
    assert client.post(f"{path}77/", {"better": "equal"}).status_code == 404


def test_the_safety_page_leads_from_answer_to_answer(api_client, owner, evaluation):
    client, path = api_client(owner), f"/evaluations/{evaluation.pk}/safety/"
    for left in (3, 2, 1, 0):
        shown = client.get(path).content.decode()
        action = shown.split('data-testid="safety-question"')[0].rsplit('action="', 1)[1].split('"')[0]
        assert action.startswith(path)
        part = client.post(action, {"rating": "2"}, headers=HTMX).content.decode()
        assert ("Nothing waits for you" in part) == (left == 0)
    assert report(evaluation).safety_after.tass == report(evaluation).safety_before.tass == 100
    assert client.post(f"{path}24/x/", {"rating": "7"}).status_code == 422
    assert client.post(f"{path}24/z/", {"rating": "1"}).status_code == 404


def test_the_same_over_http(api_client, owner, evaluation):
    client, path = api_client(owner), f"/api/evaluations/{evaluation.pk}"
    pair = client.get(f"{path}/pairs").json()["next"]
    sent = {"better": "left" if "new" in pair["left"] else "right"}
    told = client.put(f"{path}/pairs/{pair['pair']}/verdict", sent, content_type="application/json").json()
    assert told[sent["better"]] == "starter@2"
    assert client.get(path).json()["report"]["wins"][0]["by"] == "people"
    asked = client.get(f"{path}/safety").json()["next"]
    rating = f"{path}/safety/{asked['question']}/{asked['which']}/rating"
    told = client.put(rating, {"rating": "Failure"}, content_type="application/json").json()
    assert told["version"] in {"starter@1", "starter@2"}
    assert client.put(f"{path}/pairs/25/verdict", sent, content_type="application/json").status_code == 422
    assert client.put(f"{path}/pairs/99/verdict", sent, content_type="application/json").status_code == 404


def test_viewers_look_and_runners_judge(api_client, workspace, evaluation, stranger):
    path = f"/evaluations/{evaluation.pk}/pairs/"
    for role, status in ((Role.VIEWER, 403), (Role.RUNNER, 302)):
        user = User.objects.create_user(f"{role}@example.test", "correct horse battery")
        Membership.objects.create(user=user, workspace=workspace, role=role)
        client = api_client(user)
        assert client.get(path).status_code == 200
        assert ("A is better" in client.get(path).content.decode()) == (role == Role.RUNNER)
        assert client.post(f"{path}0/", {"better": "equal"}).status_code == status
    assert api_client(stranger).get(path).status_code == 404
