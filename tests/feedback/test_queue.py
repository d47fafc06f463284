"""The review queue beside single answers: of one node, pairs side by side, rankings; each with its keys."""

import pytest

from flowbuilder.feedback.agreement import agreement_of_pairs
from flowbuilder.feedback.comparisons import compare, decide
from flowbuilder.feedback.models import Comparison, Rating
from flowbuilder.feedback.services import rate
from tests.feedback.conftest import finish

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def pair(asker, flow):
    """``pair("words", "more words")``: a comparison whose answers are there."""

    def make(left: str = "left words", right: str = "right words"):
        comparison = compare(asker=asker, flow=flow, inputs={"question": "A van?"})
        finish(comparison.left, left)
        finish(comparison.right, right)
        return comparison

    return make


def page(client, **query) -> str:
    return client.get("/feedback/review/", query).content.decode()


def test_a_node_has_a_queue_of_its_own(api_client, owner, run, flow):
    client = api_client(owner)
    shown = page(client, flow=flow.pk, node="prompt")
    assert "Q: A parcel?" in shown and '<option value="prompt" selected>' in shown
    query = f"?flow={flow.pk}&node=prompt"
    after = client.post(f"/feedback/review/{run.pk}/{query}", {"verdict": "down"}, headers=HTMX)
    assert "Nothing waits" in after.content.decode()
    assert Rating.objects.get().node_id == "prompt"
    assert f'data-item="{run.pk}"' in page(client)  # its reply waits as before
    client.post(f"/feedback/review/{run.pk}/", {"verdict": "up"})
    assert "Nothing waits" in page(client)
    assert set(Rating.objects.values_list("node_id", "up")) == {("prompt", False), ("model", True)}


def test_a_node_means_nothing_without_its_flow(api_client, owner, run):
    assert "It has an id." in page(api_client(owner), node="prompt")
    assert "It has an id." in page(api_client(owner), flow="nonsense", what="nonsense")


def test_pairs_wait_for_a_second_opinion(api_client, owner, teammate, asker, pair):
    comparison = pair()
    client = api_client(teammate)
    shown = page(client, what="pairs")
    assert 'data-key="1"' in shown and 'data-key="2"' in shown and 'data-key="0"' in shown
    assert shown.index("left words") < shown.index("right words") and "starter" not in shown
    path = f"/feedback/review/pairs/{comparison.pk}/"
    assert client.post(path, {"better": "best"}, headers=HTMX).status_code == 422
    after = client.post(path, {"better": "right"}, headers=HTMX).content.decode()
    assert "Every pair has your opinion" in after
    assert f'data-item="{comparison.pk}"' in page(api_client(owner), what="pairs")
    said = Rating.objects.get()
    assert (said.person, said.answer, said.model) == (teammate, "right words", "starter@1")


def test_a_pair_that_is_skipped_is_not_judged(api_client, send, owner, pair):
    comparison = pair()
    client = api_client(owner)
    client.post(f"/feedback/review/pairs/{comparison.pk}/", {"better": "skip"})
    assert "Every pair" in page(client, what="pairs")
    row = send(owner, "get", f"/api/comparisons/{comparison.pk}").json()
    assert row["status"] == "ready" and "model" not in row["left"]
    assert Rating.objects.get().pairs() == [] and not Rating.objects.told().exists()


def test_two_that_say_the_same_can_only_be_equal(api_client, owner, pair):
    comparison = pair("same", "same")
    shown = page(api_client(owner), what="pairs")
    assert shown.count("disabled>") == 2
    path = f"/feedback/review/pairs/{comparison.pk}/"
    refused = api_client(owner).post(path, {"better": "left"}, headers=HTMX)
    assert refused.status_code == 422 and "neither is better" in refused.content.decode()


def test_agreement_on_pairs(asker, as_teammate, pair, send, owner):
    verdicts = [("left", "left"), ("right", "right"), ("equal", "equal"), ("left", "right")]
    for mine, theirs in verdicts:
        comparison = pair()
        decide(asker=asker, comparison=comparison, better=mine)
        decide(asker=as_teammate, comparison=comparison, better=theirs)
    decide(asker=asker, comparison=pair(), better="left")
    found = agreement_of_pairs(Rating.objects.all())
    assert (found.measure, found.answers, found.people, found.same) == ("Cohen's kappa", 4, 2, 0.75)
    row = send(owner, "get", "/api/feedback/agreement").json()
    assert row["answers"] is None and row["pairs"]["items"] == 4


def test_rankings_wait_too(api_client, owner, run):
    client = api_client(owner)
    shown = page(client, what="rankings")
    assert f'data-item="{run.pk}"' in shown and 'data-rank="2"' in shown and 'data-key="3"' in shown
    path = f"/feedback/review/rankings/{run.pk}/"
    for order in ("", "0,1", "0,0,1", "x"):
        refused = client.post(path, {"node": "many", "order": order}, headers=HTMX)
        assert refused.status_code == 422, order
    after = client.post(path, {"node": "many", "order": "2,0,1"}, headers=HTMX).content.decode()
    assert "Every ranking has your opinion" in after
    assert Rating.objects.get().pairs() == [("c", "a"), ("c", "b"), ("a", "b")]


def test_a_ranking_can_be_skipped(api_client, owner, run):
    client = api_client(owner)
    client.post(f"/feedback/review/rankings/{run.pk}/", {"node": "many", "skip": "on"})
    assert "Every ranking" in page(client, what="rankings")
    assert Rating.objects.get().kind == "skip"


def test_the_list_counts_all_that_waits(api_client, owner, asker, run, pair):
    pair()
    shown = api_client(owner).get("/feedback/").content.decode()
    assert "Nobody has rated" in shown and "Review 3 items" in shown
    rate(asker=asker, run=run, node="many", kind="ranking", order=[0, 1, 2])
    assert "Review 2 items" in api_client(owner).get("/feedback/").content.decode()


def test_who_may_not(api_client, viewer, stranger, pair, run):
    comparison = pair()
    for path, body in (
        (f"/feedback/review/pairs/{comparison.pk}/", {"better": "left"}),
        (f"/feedback/review/rankings/{run.pk}/", {"node": "many", "order": "0,1,2"}),
    ):
        assert api_client(viewer).post(path, body).status_code == 403
        assert api_client(stranger).post(path, body).status_code == 404
    assert 'data-key="1"' not in page(api_client(viewer), what="pairs")
    assert not Rating.objects.exists()


def test_two_versions_of_a_flow_are_compared(send, owner, flow, run):
    flow.versions.create(number=1, graph={**flow.graph, "notes": []})
    other = {**flow.graph, "nodes": [*flow.graph["nodes"][:1]], "wires": []}
    flow.versions.create(number=2, graph=other)
    path = f"/api/flows/{flow.pk}/comparisons"
    body = {"inputs": {"question": "?"}, "versions": [1, 2]}
    assert send(owner, "post", path, body).status_code == 202
    made = Comparison.objects.get()
    sizes = {len(side.graph["nodes"]) for side in (made.left, made.right)}
    assert sizes == {1, 5} and not made.left.live
    assert send(owner, "post", path, {**body, "versions": [1, 9]}).status_code == 404
    assert send(owner, "post", path, {**body, "node": "model"}).status_code == 404  # version 2 has none
