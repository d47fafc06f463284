"""The pane: what is shown of a search and of a run, and what its form sends."""

import pytest

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.debugging import views
from flowbuilder.flows.models import Flow
from flowbuilder.knowledge.retrieval import asking
from flowbuilder.runs.models import Run
from flowbuilder.testcases.models import TestCase

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.01)


@pytest.fixture
def client(api_client, owner):
    return api_client(owner)


def test_a_question_shows_scores_marked_words_and_why_meaning_was_silent(client, base, passage):
    page = client.post(f"/debugging/{base.pk}/", {"q": "parcel weight_kg", "flow": "none"}, headers=HTMX)
    text = page.content.decode()
    assert page.status_code == 200 and "<html" not in text
    for shown in (
        "protocol.md",
        ">parcel</mark>",
        "weight_kg</mark>",
        "Relevance",
        "No model worker answered",
        " ms",
    ):
        assert shown in text, shown
    assert "data-run" not in text


def test_a_flow_answers_with_the_settings_of_the_pane(client, base, passage, flow):
    sent = {
        "q": "parcel",
        "flow": str(flow.pk),
        "this-limit": 7,
        "this-mode": "keywords",
        "this-filters": "lang ne zh",
    }
    text = client.post(f"/debugging/{base.pk}/", sent, headers=HTMX).content.decode()
    run = Run.objects.get()
    settings = run.graph["nodes"][1]["settings"]
    assert (settings["limit"], settings["mode"], settings["answer_directly"]) == (7, "keywords", True)
    assert settings["filters"] == [{"field": "lang", "op": "ne", "value": "zh"}]
    assert f'data-run="{run.pk}"' in text and run.inputs == {"question": "parcel"}
    flow.refresh_from_db()
    assert "limit" not in flow.graph["nodes"][1]["settings"]


def test_two_settings_side_by_side(client, base, passage):
    sent = {"q": "parcel", "flow": "none", "compare": "1", "other-filters": "document eq nothing.md"}
    text = client.post(f"/debugging/{base.pk}/", sent, headers=HTMX).content.decode()
    assert text.count('data-testid="side"') == 2 and "only here" in text and "No passage fits" in text


@pytest.mark.parametrize(
    "wrong", [{"q": " "}, {"q": "x", "this-limit": "99"}, {"q": "x", "this-filters": "lang"}]
)
def test_what_cannot_be_asked_says_why(client, base, wrong):
    answer = client.post(f"/debugging/{base.pk}/", {"flow": "none", **wrong}, headers=HTMX)
    assert answer.status_code == 422 and "alert-error" in answer.content.decode()


def test_a_viewer_sees_passages_and_starts_no_run(api_client, teammate, base, passage, flow):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    answer = api_client(teammate).post(f"/debugging/{base.pk}/", {"q": "parcel"}, headers=HTMX)
    assert answer.status_code == 200 and not Run.objects.exists()


def test_the_outcome_has_steps_tokens_and_a_form_that_corrects(client, base, passage, make_run):
    run = make_run()
    text = client.get(f"/debugging/{base.pk}/runs/{run.pk}/").content.decode()
    for shown in ("I do not know.", "250.0 ms", "24 + 6", "Answer so from now on"):
        assert shown in text, shown
    sent = {"answer": "parcel_id", "passage": [str(passage.pk), "999", "x"], "directly": "1"}
    made = client.post(f"/debugging/{base.pk}/runs/{run.pk}/correction/", sent, headers=HTMX)
    assert made.status_code == 200 and "preference pair" in made.content.decode()
    assert [one.quote for one in TestCase.objects.get().expected.all()] == [passage.text]
    refused = client.post(f"/debugging/{base.pk}/runs/{run.pk}/correction/", {"answer": " "}, headers=HTMX)
    assert refused.status_code == 422


def test_a_run_whose_row_is_not_written_yet_is_asked_for_again(client, base, make_run):
    run = make_run()
    Run.objects.filter(pk=run.pk).update(status="running", reply="")
    text = client.get(f"/debugging/{base.pk}/runs/{run.pk}/").content.decode()
    assert "hx-get" in text and "Answer so from now on" not in text


def test_where_no_flow_answers_one_is_made(client, base):
    assert "Make a flow" in client.get(f"/debugging/{base.pk}/").content.decode()
    answer = client.post(f"/debugging/{base.pk}/flow/")
    flow = Flow.objects.get()
    assert answer["Location"].endswith(f"?flow={flow.pk}")
    assert str(flow.pk) in client.get(f"/debugging/{base.pk}/").content.decode()


def test_the_same_passage_has_its_place_on_the_other_side():
    sides = [
        type("Side", (), {"found": {"hits": [{"passage_id": name} for name in names]}})()
        for names in ("ab", "bc")
    ]
    views.compare(sides)
    assert [[hit["elsewhere"] for hit in side.found["hits"]] for side in sides] == [[None, 1], [2, None]]
