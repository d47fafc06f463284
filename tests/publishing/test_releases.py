"""The Publish page: published, rolled back, taken offline, compared, by who may."""

import pytest

from flowbuilder.accounts.models import Membership, Role, User
from flowbuilder.flows import publication, services
from flowbuilder.publishing.models import Doors

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def flow(asker):
    return services.create_flow(asker=asker, name="Greeting", template="hello")


@pytest.fixture
def client(api_client, owner):
    return api_client(owner)


def path(flow, rest: str = "") -> str:
    return f"/publishing/{flow.pk}/{rest}"


def live(flow) -> int | None:
    flow.refresh_from_db()
    return publication.live_number(flow)


def test_a_flow_is_published_edited_published_again_and_rolled_back(client, flow):
    page = client.post(path(flow), {"note": "First words"}, follow=True).content.decode()
    assert "Version 1 is live" in page and "First words" in page and "does what version 1 does" in page
    graph = {**flow.graph}
    graph["nodes"][1]["settings"]["template"] = "Bye, {{ name }}!"
    services.save_draft(flow=flow, graph=graph, revision=1)
    page = client.get(path(flow)).content.decode()
    assert "One change since version 1" in page and "Bye, {{ name }}!" in page
    client.post(path(flow), {"note": ""})
    assert live(flow) == 2
    page = client.post(path(flow, "rollback/"), follow=True).content.decode()
    assert live(flow) == 1 and "Version 1 is live" in page
    client.post(path(flow, "publication/"), {"version": "2"})
    assert live(flow) == 2
    page = client.post(path(flow, "publication/"), follow=True).content.decode()
    assert live(flow) is None and "Roll back to version 2" in page


def test_a_draft_that_cannot_run_is_refused_and_what_was_typed_stays(client, flow):
    graph = {"nodes": [{"id": "r", "type": "flow.reply"}], "wires": []}
    services.save_draft(flow=flow, graph=graph, revision=1)
    answer = client.post(path(flow), {"note": "Soon"})
    assert answer.status_code == 422 and "cannot run yet" in answer.content.decode()
    assert 'value="Soon"' in answer.content.decode() and live(flow) is None


def test_a_version_that_there_is_not(client, flow):
    assert client.post(path(flow, "publication/"), {"version": "7"}).status_code == 404
    assert client.post(path(flow, "rollback/")).status_code == 409


def test_what_changed_between_two_versions_page_and_fragment(client, flow):
    client.post(path(flow))
    graph = {**flow.graph, "wires": []}
    services.save_draft(flow=flow, graph=graph, revision=1)
    asked = path(flow, "difference/?since=1")
    assert "Prompt.out → Reply.content" in client.get(asked).content.decode()
    fragment = client.get(asked, headers=HTMX).content.decode()
    assert "disconnected" in fragment and "<html" not in fragment
    assert client.get(path(flow, "difference/?since=9")).status_code == 404


def test_each_door_has_a_switch(client, flow):
    client.post(path(flow))
    for door in ("page", "embed"):
        client.post(path(flow, "doors/"), {"part": "switch", "door": door, "open": "on"})
    client.post(path(flow, "doors/"), {"part": "switch", "door": "api"})
    doors = Doors.objects.get()
    assert (doors.api, doors.page, doors.embed) == (False, True, True)
    page = client.get(path(flow)).content.decode()
    assert (
        f"http://testserver/chat/{doors.address}/" in page and f"data-bot=&quot;{doors.address}&quot;" in page
    )


def test_the_look_is_kept_and_a_wrong_one_shown_as_typed(client, flow):
    look = {"part": "look", "address": "greeter", "title": "Hi", "examples": "Ann\n\nBob", "sources": "none"}
    rates = {"visitor_rate": 3, "flow_rate": 30}
    client.post(path(flow, "doors/"), {**look, **rates})
    doors = Doors.objects.get()
    assert (doors.address, doors.examples, doors.feedback, doors.visitor_rate) == (
        "greeter", ["Ann", "Bob"], False, 3,
    )  # fmt: skip
    client.post(path(flow, "doors/"), {"part": "switch", "door": "page", "open": "on"})
    answer = client.post(path(flow, "doors/"), {**look, **rates, "address": "No!"}, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 422 and "cannot be an address" in text and 'value="No!"' in text
    assert "<html" not in text


def test_sites_are_kept_and_a_wrong_one_named(client, flow):
    client.post(path(flow, "doors/"), {"part": "sites", "sites": "https://a.example\nhttps://b.example"})
    assert Doors.objects.get().sites == ["https://a.example", "https://b.example"]
    answer = client.post(path(flow, "doors/"), {"part": "sites", "sites": "nonsense"})
    assert answer.status_code == 422 and "nonsense" in answer.content.decode()


def test_who_looks_only_is_shown_nothing_to_press(api_client, workspace, flow):
    viewer = User.objects.create_user("viewer@example.test", "correct horse battery")
    Membership.objects.create(user=viewer, workspace=workspace, role=Role.VIEWER)
    page = api_client(viewer).get(path(flow)).content.decode()
    assert "Greeting" in page and 'data-testid="publish"' not in page
