"""A/B tests over HTTP: started with what fits, told, stopped, promoted, and written to the audit log."""

import pytest

from flowbuilder.abtests.models import AbTest, Status
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Alias, ModelVersion, Source, VersionStatus
from flowbuilder.runs.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(api_client, owner):
    def send(method: str, path: str, body=None, user=owner):
        return getattr(api_client(user), method)(path, body, content_type="application/json")

    return send


def order(*challengers, **fields):
    wanted = [{"number": number, "share": share} for number, share in challengers or [(2, 10)]]
    return {"model": "starter", "challengers": wanted, **fields}


def test_from_start_to_promotion(ask, model, visit, asker):
    row = ask("post", "/api/abtests", order((2, 30), (3, 20), metric="good", least=50)).json()
    assert [(arm["version"], arm["share"], arm["control"]) for arm in row["arms"]] == [
        ("starter@1", 50, True),
        ("starter@2", 30, False),
        ("starter@3", 20, False),
    ]
    path = f"/api/abtests/{row['id']}"
    visit("ann")
    shown = ask("get", path).json()
    assert sum(arm["sessions"] for arm in shown["results"]) == 1
    assert [found["version"] for found in shown["comparisons"]] == ["starter@2", "starter@3"]
    assert shown["comparisons"][0]["always_valid"] | {"level": 0} == {
        "low": -1, "high": 1, "p_value": 1, "level": 0
    }  # fmt: skip
    assert ask("post", f"{path}/promotion", {}).status_code == 409
    assert ask("delete", path).status_code == 409
    stopped = ask("post", f"{path}/cancellation").json()
    assert (stopped["status"], stopped["reason"]) == ("stopped", "owner@example.test stopped it.")
    assert ask("post", f"{path}/cancellation").status_code == 409
    assert "no winner" in ask("post", f"{path}/promotion", {}).json()["error"]["message"]
    assert ask("post", f"{path}/promotion", {"number": 9}).status_code == 422
    assert ask("post", f"{path}/promotion", {"number": 2}).json()["promoted"] == "starter@2"
    assert Alias.objects.get(model=model, name="production").version.number == 2
    assert ask("delete", path).status_code == 204
    told = list(AuditEvent.objects.order_by("created_at").values_list("action", "actor_name", "subject"))
    who, what = "owner@example.test", "starter:production"
    actions = ["abtest.started", "abtest.stopped", "alias.moved", "abtest.deleted"]
    assert told == [(action, who, what) for action in actions]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (order((9, 10)), 404, "'starter' has no ready version 9"),
        (order((1, 10)), 422, "other than starter@1"),
        (order((2, 10), (2, 10)), 422, "each named once"),
        (order((2, 60), (3, 40)), 422, "1 percent has to be left for the control"),
        (order(alias="candidate"), 422, "no alias 'candidate'. There is: production"),
        (order() | {"model": "other"}, 404, "no model 'other'"),
        (order((2, 0)), 422, "share"),
        (order(metric="taste"), 422, "metric"),
        (order(alpha=0), 422, "alpha"),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_what_does_not_fit_is_refused_by_name(ask, model, body, status, says):
    answer = ask("post", "/api/abtests", body)
    assert answer.status_code == status and says in answer.json()["error"]["message"]
    assert not AbTest.objects.exists()


def test_one_that_is_not_ready_or_of_another_kind_is_no_challenger(ask, model):
    model.versions.filter(number=2).update(status=VersionStatus.IMPORTING)
    model.versions.filter(number=3).update(kind="reward")
    assert ask("post", "/api/abtests", order((2, 10))).status_code == 404
    assert ask("post", "/api/abtests", order((3, 10))).status_code == 404


def test_one_test_an_alias_at_a_time(ask, model):
    assert ask("post", "/api/abtests", order()).status_code == 201
    answer = ask("post", "/api/abtests", order((3, 10)))
    assert answer.status_code == 409 and "running already" in answer.json()["error"]["message"]
    registry_alias = Alias.objects.create(model=model, name="candidate", version=model.versions.get(number=2))
    assert ask("post", "/api/abtests", order((3, 10), alias=registry_alias.name)).status_code == 201


def test_a_version_under_test_is_not_deleted(start, model, asker):
    start((3, 10))
    version = ModelVersion.objects.get(model=model, number=3, source=Source.FOLDER)
    with pytest.raises(Exception, match="A/B tests stand on 'starter@3'"):
        registry.delete_version(version, asker=asker)


def test_who_may_not(ask, start, stranger, teammate, workspace):
    test = start()
    path = f"/api/abtests/{test.pk}"
    for user, status in ((stranger, 404), (None, 401)):
        assert ask("get", path, user=user).status_code == status
        assert ask("post", f"{path}/cancellation", user=user).status_code == status
    teammate.memberships.update(role="runner")
    assert ask("get", path, user=teammate).status_code == 200
    assert ask("post", f"{path}/cancellation", user=teammate).status_code == 403
    test.refresh_from_db()
    assert test.status == Status.RUNNING


@pytest.mark.parametrize(
    ("body", "headers", "session"),
    [
        ({"session": "chat 1"}, {}, "chat 1"),
        ({}, {"X-Session-Id": "visitor 2"}, "visitor 2"),
        ({"session": "chat 1"}, {"X-Session-Id": "visitor 2"}, "chat 1"),
        ({}, {}, ""),
    ],
)
def test_a_run_names_its_session(api_client, owner, flow, body, headers, session):
    flow.graph = {"nodes": [{"id": "start", "type": "flow.start"}], "wires": []}
    flow.save()
    path = f"/api/flows/{flow.pk}/runs"
    row = api_client(owner).post(path, body, content_type="application/json", headers=headers).json()
    assert row["session"] == session and Run.objects.get().session == session
    too_long = api_client(owner).post(path, {"session": "x" * 201}, content_type="application/json")
    assert too_long.status_code == 422
