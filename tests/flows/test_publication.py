"""What is live, and what a roll back leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.flows import publication, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(asker):
    """One with three versions, none of them live."""
    flow = services.create_flow(asker=asker, name="Greeting", template="hello")
    for _ in range(3):
        services.publish_version(asker=asker, flow=flow)
    return flow


def put(asker, flow, *numbers):
    for number in numbers:
        publication.set_publication(asker=asker, flow=flow, number=number)
    return flow


def rolled_back(asker, flow) -> int | None:
    return publication.live_number(publication.roll_back(asker=asker, flow=flow))


def test_back_and_again_back(asker, flow):
    put(asker, flow, 1, 2, 3)
    assert [rolled_back(asker, flow), rolled_back(asker, flow)] == [2, 1]
    with pytest.raises(ApiError, match="no earlier live version"):
        rolled_back(asker, flow)


def test_publishing_after_a_roll_back_goes_on_from_there(asker, flow):
    put(asker, flow, 1, 2)
    rolled_back(asker, flow)
    put(asker, flow, 3)
    assert rolled_back(asker, flow) == 1


def test_from_offline_back_to_what_was_live(asker, flow):
    put(asker, flow, 2, None)
    assert publication.live_number(flow) is None
    assert rolled_back(asker, flow) == 2


def test_the_same_version_again_is_no_move(asker, flow):
    put(asker, flow, 1, 1, 2)
    assert [(move.before, move.after) for move in flow.moves.order_by("id")] == [(None, 1), (1, 2)]


def test_the_audit_log_tells(asker, flow):
    put(asker, flow, 1, 2)
    rolled_back(asker, flow)
    told = AuditEvent.objects.visible_to(asker).filter(action="flow.rolled_back").get()
    assert (told.subject, told.details) == ("Greeting", {"before": 2, "after": 1})


@given(st.lists(st.sampled_from([1, 2, 3, None, "back"]), max_size=12))
def test_a_roll_back_always_changes_what_is_live_and_they_come_to_an_end(done):
    moves, live = [], None
    for step in [*done, *["back"] * len(done)]:
        after = publication.earlier(moves, live) if step == "back" else step
        if step == "back" and after is None:
            continue
        assert step != "back" or after != live
        if after != live:
            moves.append((live, after, step == "back"))
            live = after
    assert publication.earlier(moves, live) is None


def test_over_http(api_client, owner, teammate, flow):
    client, path = api_client(owner), f"/api/flows/{flow.pk}/publication"
    for number in (1, 2):
        client.put(path, {"version": number}, content_type="application/json")
    assert client.get(path).json() | {"moves": 0} == {"version": 2, "previous": 1, "moves": 0}
    answer = api_client(teammate).post(f"{path}/rollbacks", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["version"], answer.json()["previous"]) == (201, 1, None)
    assert answer.json()["moves"][0] | {"at": 0} == {
        "environment": "production", "before": 2, "after": 1, "rolled_back": True, "reason": "",
        "person": "teammate@example.test", "at": 0,
    }  # fmt: skip
    assert client.post(f"{path}/rollbacks", {}, content_type="application/json").status_code == 409


def test_a_version_is_named_looked_at_and_frozen_again(api_client, owner):
    client = api_client(owner)
    flow = client.post(
        "/api/flows", {"name": "Hello", "template": "hello"}, content_type="application/json"
    ).json()
    path = f"/api/flows/{flow['id']}/versions"
    client.post(path, {"note": "first"}, content_type="application/json")
    named = client.patch(f"{path}/1", {"name": "The polite one"}, content_type="application/json").json()
    assert (named["name"], named["note"]) == ("The polite one", "first")
    graph = client.get(f"{path}/1").json()["graph"]
    changed = {**graph, "nodes": [{**node, "label": "Other"} for node in graph["nodes"]]}
    client.put(f"/api/flows/{flow['id']}", {"graph": changed, "revision": 1}, content_type="application/json")
    client.post(path, {}, content_type="application/json")
    again = client.post(path, {"version": 1, "name": "Back"}, content_type="application/json").json()
    assert again["number"] == 3 and client.get(f"{path}/3").json()["graph"] == graph
    assert client.post(path, {"version": 9}, content_type="application/json").status_code == 404
