"""The ways in: what may be set, what it changes, who is told."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey, AuditEvent
from flowbuilder.publishing import doors as ways_in
from flowbuilder.publishing.models import Doors

pytestmark = pytest.mark.django_db


def change(asker, flow, **changes):
    return ways_in.change(asker=asker, flow=flow, **changes)


def test_a_flow_has_its_api_open_and_nothing_stored(api_client, owner, live_flow):
    told = api_client(owner).get(f"/api/flows/{live_flow.pk}/doors").json()
    assert (told["api"], told["page"], told["embed"], told["address"]) == (True, False, False, None)
    assert not Doors.objects.exists()


def test_an_address_is_unguessable_until_it_is_chosen_and_a_new_one_closes_the_old(asker, live_flow, client):
    first = change(asker, live_flow, page=True).address
    assert len(first) == 20 and client.get(f"/chat/{first}/").status_code == 200
    assert change(asker, live_flow, address="parcel-desk").address == "parcel-desk"
    assert client.get(f"/chat/{first}/").status_code == 404
    assert client.get("/chat/parcel-desk/").status_code == 200
    assert change(asker, live_flow, address="").address not in {first, "parcel-desk"}


@pytest.mark.parametrize("wanted", ["ab", "Parcel", "a b c", "-abc", "x" * 61, "../abc"])
def test_what_cannot_be_an_address_is_refused(asker, live_flow, wanted):
    with pytest.raises(ApiError, match="cannot be an address"):
        change(asker, live_flow, address=wanted)


def test_an_address_leads_to_one_flow(asker, live_flow):
    other = type(live_flow).objects.create(workspace=asker.workspace, name="Other", slug="other")
    change(asker, live_flow, address="parcel-desk")
    with pytest.raises(ApiError, match="is taken"):
        change(asker, other, address="parcel-desk")


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ("https://Example.com/", "https://example.com"),
        (" http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("https://*.example.com", "https://*.example.com"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_sites_are_origins(asker, live_flow, wanted, kept):
    assert change(asker, live_flow, sites=[wanted, wanted]).sites == [kept]


@pytest.mark.parametrize(
    "wanted",
    ["example.com", "ftp://example.com", "https://example.com/a", "https://a;script-src *", "https://*", ""],
)
def test_what_is_no_site_is_refused_by_name(asker, live_flow, wanted):
    with pytest.raises(ApiError, match="is no site"):
        change(asker, live_flow, sites=[wanted])


@pytest.mark.parametrize(
    ("site", "allowed"),
    [
        ("https://example.com", True),
        ("https://shop.example.org", True),
        ("https://a.b.example.org", True),
        ("https://example.org", False),
        ("https://evilexample.org", False),
        ("http://shop.example.org", False),
        ("https://example.com.evil.test", False),
        ("", False),
    ],
)
def test_which_sites_may_show_the_widget(asker, live_flow, site, allowed):
    doors = change(asker, live_flow, sites=["https://example.com", "https://*.example.org"])
    assert ways_in.allows(doors, site) == allowed


def test_the_audit_log_tells_what_changed(asker, live_flow):
    change(asker, live_flow, page=True, feedback=True)
    event = AuditEvent.objects.visible_to(asker).get(action="doors.changed")
    assert (event.subject, event.details) == ("Greeting", {"page": True})


def test_a_closed_api_refuses_keys_and_no_person(api_client, asker, owner, live_flow):
    change(asker, live_flow, api=False)
    _, secret = ApiKey.issue(asker.workspace, owner, "key")
    by_key = {"Authorization": f"Bearer {secret}"}
    path, body = f"/api/flows/{live_flow.pk}/runs", {"inputs": {"question": "Ann"}}
    said = api_client(None).post(path, body, content_type="application/json", headers=by_key)
    assert (said.status_code, said.json()["error"]["code"]) == (403, "closed")
    models = api_client(None).get("/v1/models", headers=by_key).json()["data"]
    assert [model["id"] for model in models if model["owned_by"] == "flowbuilder"] == []
    assert api_client(owner).post(path, body, content_type="application/json").status_code == 202


def test_over_http(api_client, teammate, live_flow):
    path = f"/api/flows/{live_flow.pk}/doors"
    client = api_client(teammate)
    told = client.patch(
        path, {"page": True, "examples": [" Ann ", ""]}, content_type="application/json"
    ).json()
    assert told["examples"] == ["Ann"]
    assert told["url"] == f"http://testserver/chat/{told['address']}/"
    assert client.patch(path, {"visitor_rate": 0}, content_type="application/json").status_code == 422
