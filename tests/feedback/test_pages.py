"""The pages of feedback: what was said, narrowed; the review queue; each asker gets the right answer."""

import pytest

from flowbuilder.feedback.comparisons import compare, decide
from flowbuilder.feedback.models import Rating
from flowbuilder.feedback.services import rate
from tests.feedback.conftest import finish

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def page(client, path, **query) -> str:
    return client.get(path, query).content.decode()


def test_the_list_is_narrowed_and_counts(api_client, owner, teammate, asker, as_teammate, make_run, flow):
    rate(asker=asker, run=make_run("<b>bold</b>"), kind="thumbs", up=False, reason="form", comment="Plain!")
    rate(asker=as_teammate, run=make_run("poor"), kind="correction", correction="rich")
    client = api_client(owner)
    everything = page(client, "/feedback/")
    assert "&lt;b&gt;bold" in everything and "Bad form" in everything and "“Plain!”" in everything
    assert everything.count('data-testid="rating"') == 2
    assert 'href="/api/feedback/export?format=preference"' in everything
    mine = page(client, "/feedback/", person=teammate.pk, kind="correction", flow=flow.pk)
    assert "rich" in mine and "Plain!" not in mine
    assert f"format=preference&amp;flow={flow.pk}" in mine
    assert page(client, "/feedback/", kind="nonsense", flow="x").count('data-testid="rating"') == 2
    part = client.get("/feedback/?kind=thumbs", headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="ratings"') and "rich" not in part


def test_every_kind_is_shown(api_client, owner, asker, make_run, flow):
    comparison = compare(asker=asker, flow=flow, inputs={"question": "?"})
    finish(comparison.left, "left words")
    finish(comparison.right, "right words")
    decide(asker=asker, comparison=comparison, better="right")
    rate(asker=asker, run=make_run(), node="many", kind="ranking", order=[1, 2, 0])
    shown = page(api_client(owner), "/feedback/")
    assert shown.index("right words") < shown.index("left words")
    assert "Ranking" in shown and "Worse" in shown


def test_agreement_is_shown(api_client, owner, asker, as_teammate, make_run):
    assert "Nobody has rated" in page(api_client(owner), "/feedback/")
    for up in (True, False):
        run = make_run()
        rate(asker=asker, run=run, kind="thumbs", up=up)
        rate(asker=as_teammate, run=run, kind="thumbs", up=up)
    shown = page(api_client(owner), "/feedback/")
    assert "1.00" in shown and "2 answers rated by 2 people" in shown and "Too few" in shown


def test_withdrawing_on_the_page(api_client, owner, stranger, viewer, asker, run):
    rating = rate(asker=asker, run=run, kind="thumbs", up=True)
    path = f"/feedback/{rating.pk}/withdrawal/"
    assert api_client(stranger).post(path).status_code == 404
    assert api_client(viewer).post(path).status_code == 403
    assert "Withdraw" not in page(api_client(viewer), "/feedback/")
    assert api_client(owner).post(path).status_code == 302
    assert not Rating.objects.exists()


def test_the_queue_shows_each_reply_once_newest_first(api_client, owner, make_run):
    older, newer = make_run("older"), make_run("newer")
    client = api_client(owner)
    shown = page(client, "/feedback/review/")
    assert f'data-item="{newer.pk}"' in shown and "2 to go" in shown and "starter@1" not in shown
    said = {"verdict": "down", "reason": "made_up"}
    shown = client.post(f"/feedback/review/{newer.pk}/", said, headers=HTMX).content.decode()
    assert shown.lstrip().startswith('<div id="review"') and f'data-item="{older.pk}"' in shown
    assert client.post(f"/feedback/review/{older.pk}/", {"verdict": "skip"}).status_code == 302
    assert "Nothing waits for you" in page(client, "/feedback/review/")
    assert set(Rating.objects.values_list("kind", "up", "reason")) == {
        ("thumbs", False, "made_up"),
        ("skip", None, ""),
    }
    assert 'data-testid="rating"' in page(client, "/feedback/") and "1 rating<" in page(client, "/feedback/")


def test_the_queue_is_each_person_s_own_and_leaves_comparisons_out(
    api_client, owner, teammate, asker, run, flow
):
    comparison = compare(asker=asker, flow=flow, run=run)
    finish(comparison.left, "compared")
    rate(asker=asker, run=run, kind="thumbs", up=True)
    assert "Nothing waits" in page(api_client(owner), "/feedback/review/")
    assert f'data-item="{run.pk}"' in page(api_client(teammate), "/feedback/review/")


def test_a_correction_in_the_queue_and_what_is_wrong_with_one(api_client, owner, run):
    client = api_client(owner)
    same = client.post(
        f"/feedback/review/{run.pk}/", {"verdict": "correct", "correction": "It has an id."}, headers=HTMX
    )
    assert same.status_code == 422 and "other than the one" in same.content.decode()
    client.post(f"/feedback/review/{run.pk}/", {"verdict": "correct", "correction": "a\r\nb"})
    assert Rating.objects.get().correction == "a\nb"
    assert client.post(f"/feedback/review/{run.pk}/", {"verdict": "?"}, headers=HTMX).status_code == 422


def test_who_may_not_review(api_client, viewer, stranger, run):
    path = f"/feedback/review/{run.pk}/"
    assert api_client(viewer).post(path, {"verdict": "up"}).status_code == 403
    assert 'data-key="u"' not in page(api_client(viewer), "/feedback/review/")
    assert api_client(stranger).post(path, {"verdict": "up"}).status_code == 404
    assert "Nothing waits" in page(api_client(stranger), "/feedback/review/")
    assert "/accounts/sign-in" in api_client(None).get("/feedback/review/").url
    assert not Rating.objects.exists()


def test_shares_of_gold_are_read_in_chinese(api_client, owner, asker, run):
    rate(asker=asker, run=run, kind="thumbs", up=True)
    shown = api_client(owner).get("/feedback/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "不低于 60 %" in shown and "of gold right" not in shown
