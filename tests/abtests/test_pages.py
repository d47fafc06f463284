"""The pages of A/B tests: started from the form, told with figures and charts, stopped, promoted."""

import pytest

from flowbuilder.abtests import services
from flowbuilder.abtests.charts import HEIGHT, WIDTH, charts
from flowbuilder.abtests.models import AbTest, Status
from flowbuilder.abtests.outcomes import Outcome
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Alias, ModelVersion

pytestmark = pytest.mark.django_db
FORM = {
    "version": "starter@2",
    "share": 25,
    "metric": "good",
    "alias": "production",
    "least": 50,
    "alpha": 0.05,
    "days": 7,
    "guard_unsafe": "on",
}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_a_test_is_started_from_the_form(api_client, owner, model):
    client = api_client(owner)
    assert "Nothing was tested yet" in client.get("/abtests/").content.decode()
    answer = client.post("/abtests/", {**FORM, "second": "starter@3", "second_share": 5, "long_tokens": 300})
    test = AbTest.objects.get()
    assert answer.url == f"/abtests/{test.pk}/"
    assert [(arm.version.ref, arm.share) for arm in test.arms.all()] == [
        ("starter@1", 70),
        ("starter@2", 25),
        ("starter@3", 5),
    ]
    assert (test.least, test.days, test.guard_errors, test.guard_unsafe, test.long_tokens) == (
        50, 7, False, True, 300
    )  # fmt: skip
    shown = client.get("/abtests/").content.decode()
    assert 'data-status="running"' in shown and "starter:production" in shown


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": "starter@1"}, "other than starter@1"),
        ({"version": "nobody@1"}, "Select a valid choice"),
        ({"share": 99, "second": "starter@3", "second_share": 5}, "1 percent has to be left"),
        ({"alpha": 2}, "less than or equal to 0.5"),
        ({"alias": "candidate"}, "no alias &#x27;candidate&#x27;"),
    ],
)
def test_a_form_says_what_is_wrong(api_client, owner, model, change, says):
    answer = api_client(owner).post("/abtests/", {**FORM, **change})
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not AbTest.objects.exists()


def test_where_there_is_one_version_only_there_is_no_form(api_client, owner, workspace):
    shown = api_client(owner).get("/abtests/").content.decode()
    assert "a second version" in shown and "<form method" not in shown.split("<main")[1]


def test_the_live_page_tells_what_it_shows(api_client, owner, start, visit, say):
    test = start((2, 50))
    for number in range(12):
        run, version = visit(f"visitor {number}")
        say(run, version, number % 3 > 0)
    services.look(test)
    client = api_client(owner)
    page = client.get(f"/abtests/{test.pk}/").content.decode()
    assert page.count('data-testid="arm"') == 2 and page.count("<polyline") == 3
    assert "against the control" in page and "for one planned look" in page and "2.00 s" in page
    part = client.get(f"/abtests/{test.pk}/", headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div id="live"') and "every 3s" in part


def test_stopping_and_promoting(api_client, owner, start, model):
    test = start((2, 50))
    client = api_client(owner)
    assert client.post(f"/abtests/{test.pk}/cancellation/").status_code == 302
    assert client.post(f"/abtests/{test.pk}/cancellation/").status_code == 409
    shown = client.get(f"/abtests/{test.pk}/").content.decode()
    assert "owner@example.test stopped it." in shown and "every 3s" not in shown
    assert client.post(f"/abtests/{test.pk}/promotion/").status_code == 409
    AbTest.objects.update(status=Status.CONCLUDED, winner=test.arms.get(control=False))
    assert "Promote starter@2" in client.get(f"/abtests/{test.pk}/").content.decode()
    assert client.post(f"/abtests/{test.pk}/promotion/").status_code == 302
    assert Alias.objects.get(model=model, name="production").version.number == 2
    assert "is what “production” means" in client.get(f"/abtests/{test.pk}/").content.decode()
    assert client.post(f"/abtests/{test.pk}/deletion/").url == "/abtests/"


def test_a_closed_gate_asks_for_a_reason(api_client, owner, start, monkeypatch, model):
    monkeypatch.setattr(registry, "refusals_of", lambda version: ["It was never evaluated."])
    test = start((2, 50))
    AbTest.objects.update(status=Status.CONCLUDED, winner=test.arms.get(control=False))
    client = api_client(owner)
    refused = client.post(f"/abtests/{test.pk}/promotion/")
    assert refused.status_code == 409 and "promoted all the same" in refused.content.decode()
    assert (
        client.post(f"/abtests/{test.pk}/promotion/", {"reason": "The A/B test is clear."}).status_code == 302
    )
    assert Alias.objects.get(model=model, name="production").version.number == 2


def test_who_may_not(api_client, start, teammate, stranger):
    test = start()
    teammate.memberships.update(role="viewer")
    assert api_client(teammate).post(f"/abtests/{test.pk}/cancellation/").status_code == 403
    assert "Stop" not in api_client(teammate).get(f"/abtests/{test.pk}/").content.decode()
    assert api_client(stranger).get(f"/abtests/{test.pk}/").status_code == 404
    assert api_client(teammate).post("/abtests/", FORM).status_code == 403
    test.refresh_from_db()
    assert test.running


def test_charts_stay_in_their_box_and_are_thinned(start):
    test = start((2, 50))
    control, challenger = test.arms.all()
    at = test.created_at
    outcomes = [Outcome(challenger.pk, number % 3 > 0, at) for number in range(1000)]
    mine, other = charts([control, challenger], outcomes, 0.05, at, at)
    assert (mine.line, mine.band, other.beside) == ("", "", "")
    points = [tuple(map(float, point.split(","))) for point in f"{other.line} {other.band}".split()]
    assert len(other.line.split()) <= 65
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)


def test_the_models_page_leads_here(api_client, owner, model):
    assert ModelVersion.objects.count() == 3
    assert 'href="/abtests/"' in api_client(owner).get("/models/").content.decode()
