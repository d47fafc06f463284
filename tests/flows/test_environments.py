"""Staging and production: a version is tried in one, then runs in the other; each move with who and why."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.flows import publication, services
from flowbuilder.flows.models import Environment
from flowbuilder.runs import services as runs

pytestmark = pytest.mark.django_db
STAGING, PRODUCTION = Environment.STAGING, Environment.PRODUCTION


@pytest.fixture
def flow(asker):
    flow = services.create_flow(asker=asker, name="Greeting", template="hello")
    for _ in range(3):
        services.publish_version(asker=asker, flow=flow)
    return flow


def stage(asker, flow, number, reason=""):
    where = {"environment": STAGING, "reason": reason}
    return publication.set_publication(asker=asker, flow=flow, number=number, **where)


def test_what_was_tried_is_promoted_and_taken_back(asker, flow):
    publication.set_publication(asker=asker, flow=flow, number=1)
    stage(asker, flow, 2, "Shorter answers")
    assert [publication.number_in(flow, place) for place in (STAGING, PRODUCTION)] == [2, 1]
    publication.promote(asker=asker, flow=flow, reason="Tried by the desk")
    assert [publication.number_in(flow, place) for place in (STAGING, PRODUCTION)] == [2, 2]
    publication.roll_back(asker=asker, flow=flow, reason="Too short")
    flow.refresh_from_db()
    assert publication.version_in(flow, PRODUCTION).number == 1
    assert publication.version_in(flow, STAGING).number == 2
    told = [(move.environment, move.after, move.undo, move.reason) for move in flow.moves.order_by("id")]
    assert told == [
        (PRODUCTION, 1, False, ""),
        (STAGING, 2, False, "Shorter answers"),
        (PRODUCTION, 2, False, "Tried by the desk"),
        (PRODUCTION, 1, True, "Too short"),
    ]
    latest = AuditEvent.objects.filter(action="flow.rolled_back").get()
    assert latest.details == {"before": 2, "after": 1, "reason": "Too short"}
    staged = AuditEvent.objects.filter(action="flow.staged").get()
    assert staged.details == {
        **{"before": None, "after": 2},
        **{"environment": "staging", "reason": "Shorter answers"},
    }


def test_each_environment_rolls_back_by_itself(asker, flow):
    publication.set_publication(asker=asker, flow=flow, number=1)
    stage(asker, flow, 2)
    stage(asker, flow, 3)
    publication.roll_back(asker=asker, flow=flow, environment=STAGING)
    assert [publication.number_in(flow, place) for place in (STAGING, PRODUCTION)] == [2, 1]
    with pytest.raises(ApiError, match="no earlier live version"):
        publication.roll_back(asker=asker, flow=flow)


def test_nothing_on_staging_is_nothing_to_promote(asker, flow):
    with pytest.raises(ApiError, match="nothing on staging"):
        publication.promote(asker=asker, flow=flow)
    with pytest.raises(ApiError, match="no version in staging"):
        publication.must_be_in(flow, "staging")
    with pytest.raises(ApiError, match="there are staging, production"):
        publication.must_be_in(flow, "moon")


def test_over_http(asker, flow, api_client):
    client, path = api_client(asker.user), f"/api/flows/{flow.pk}"

    def send(method, rest, body=None):
        sent = getattr(client, method)
        answer = sent(path + rest, body or {}, content_type="application/json")
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()

    send("put", "/environments/production", {"version": 1})
    send("put", "/environments/staging", {"version": 2, "reason": "Try it"})
    promoted = send("post", "/promotions", {"reason": "Good"})
    assert promoted["environments"]["production"] == {"version": 2, "previous": 1}
    assert send("post", "/environments/production/rollbacks")["environments"]["production"]["version"] == 1
    moves = client.get(f"{path}/environments").json()["moves"]
    assert [(m["environment"], m["after"], m["reason"], m["person"]) for m in moves[:3]] == [
        ("production", 1, "", str(asker.user)),
        ("production", 2, "Good", str(asker.user)),
        ("staging", 2, "Try it", str(asker.user)),
    ]
    assert (
        client.put(f"{path}/environments/moon", {"version": 1}, content_type="application/json").status_code
        == 422
    )


def test_a_run_takes_what_its_environment_holds(asker, flow, api_client):
    publication.set_publication(asker=asker, flow=flow, number=1)
    stage(asker, flow, 3)
    client, path = api_client(asker.user), f"/api/flows/{flow.pk}/runs"

    def version(body=None, **headers):
        answer = client.post(path, body or {}, content_type="application/json", headers=headers)
        assert answer.status_code == 202, answer.content
        run = flow.runs.get(pk=answer.json()["id"])
        return run.environment, run.version and run.version.number, run.live

    assert version() == ("draft", None, False)
    assert version({"version": "live"}) == ("production", 1, True)
    assert version({"environment": "staging"}) == ("staging", 3, False)
    assert version(**{"X-Environment": "staging"}) == ("staging", 3, False)
    assert version({"environment": "production"}) == ("production", 1, True)
    both = client.post(path, {"version": 1, "environment": "staging"}, content_type="application/json")
    assert both.status_code == 422


def test_what_is_live_and_on_staging_is_not_live_traffic_there(asker, flow):
    publication.set_publication(asker=asker, flow=flow, number=1)
    stage(asker, flow, 1)
    asked = {"asker": asker, "flow": flow, "version": flow.published_version, "inputs": {"question": "Hi"}}
    assert not runs.submit(**asked, environment="staging").live
    assert runs.submit(**asked).live
