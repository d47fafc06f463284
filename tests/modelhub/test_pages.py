"""The pages of a model and of a version, clicked through."""

import pytest

from flowbuilder.accounts.models import Membership, Role
from flowbuilder.flows.models import Flow
from flowbuilder.modelhub import adding, registry
from flowbuilder.modelhub.models import HubUpload, Model, ModelVersion
from tests.modelhub.graphs import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def starter(workspace):
    model = Model.objects.get(workspace=workspace, name="starter")
    ModelVersion.objects.create(
        workspace=workspace, model=model, number=2, source="job", metrics={"accuracy": 0.75}
    )
    return model


def test_promote_and_roll_back_are_one_click_each(api_client, owner, starter):
    client = api_client(owner)
    second = starter.versions.get(number=2)
    page = client.post(f"/models/versions/{second.pk}/promotion/", follow=True).content.decode()
    assert "“starter:production” is now “starter@2”." in page and "Roll back to starter@1" in page
    page = client.post("/models/starter/aliases/production/rollback/", follow=True).content.decode()
    assert "is rolled back to “starter@1”" in page and "Roll back to" not in page
    assert "rolled back" in page.split('id="moves"')[1]
    page = client.post("/models/starter/aliases/production/rollback/", follow=True).content.decode()
    assert "has no earlier version to go back to" in page


def test_any_alias_is_added_and_removed(api_client, owner, starter):
    client = api_client(owner)
    page = client.post("/models/starter/aliases/", {"alias": "staging", "number": 2}, follow=True)
    assert "“starter:staging” is now “starter@2”." in page.content.decode()
    page = client.post("/models/starter/aliases/staging/deletion/", follow=True).content.decode()
    assert "“starter:staging” is removed." in page
    for wrong in ({"alias": "staging"}, {"alias": "St aging", "number": 2}, {"alias": "x", "number": 9}):
        page = client.post("/models/starter/aliases/", wrong, follow=True).content.decode()
        assert 'role="status"' in page
    assert [alias.name for alias in starter.aliases.all()] == ["production"]


def test_a_closed_gate_asks_why_and_takes_the_answer(api_client, owner, starter, monkeypatch):
    monkeypatch.setattr(registry, "refusals_of", lambda version: ["Its win rate is 41 %."])
    client, sent = api_client(owner), {"alias": "production", "number": 2}
    asked = client.post("/models/starter/aliases/", sent)
    assert asked.status_code == 409 and "Its win rate is 41 %." in asked.content.decode()
    page = client.post("/models/starter/aliases/", {**sent, "reason": "For the trial only"}, follow=True)
    shown = page.content.decode()
    assert "against the gate" in shown and "“For the trial only”" in shown


def test_who_uses_it(api_client, owner, workspace, starter):
    Flow.objects.create(
        workspace=workspace, name="<i>Bot</i>", slug="bot", graph=asking("starter", "starter:x")
    )
    page = api_client(owner).get("/models/starter/").content.decode()
    assert "&lt;i&gt;Bot&lt;/i&gt;" in page and "gets starter@1 by “production”" in page
    assert "leads to nothing" in page


def test_a_description_is_in_the_cards(api_client, owner, starter):
    client = api_client(owner)
    client.post("/models/starter/description/", {"intended_use": "Delivery records.", "limits": "<b>No</b>"})
    card = client.get(f"/models/versions/{starter.versions.get(number=1).pk}/").content.decode()
    assert "Delivery records." in card and "&lt;b&gt;No&lt;/b&gt;" in card
    refused = client.post("/models/starter/description/", {"limits": "x" * 4001})
    assert refused.status_code == 422 and "at most 4000" in refused.content.decode()


def test_a_version_s_page_has_lineage_card_and_files(api_client, owner, starter):
    page = api_client(owner).get(f"/models/versions/{starter.versions.get(number=1).pk}/").content.decode()
    assert "<svg" in page and "came with Flowbuilder" in page and "Lfm2ForCausalLM" in page
    assert "model.safetensors" in page and "What the README of starter@1 says" in page


def test_a_viewer_sees_and_changes_nothing(api_client, teammate, starter):
    Membership.objects.filter(user=teammate).update(role=Role.VIEWER)
    client = api_client(teammate)
    for path in ("/models/starter/", f"/models/versions/{starter.versions.get(number=2).pk}/"):
        page = client.get(path).content.decode()
        assert (
            '<form method="post" action="/models/' not in page.replace("description/", "")
            or "Save" not in page
        )
        assert "Promote" not in page
    assert client.post("/models/starter/aliases/", {"alias": "x", "number": 1}).status_code == 403


def test_deleting_leads_on(api_client, owner, starter):
    second = starter.versions.get(number=2)
    answer = api_client(owner).post(f"/models/versions/{second.pk}/deletion/")
    assert answer["Location"] == "/models/starter/"
    assert not ModelVersion.objects.filter(pk=second.pk).exists()


PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_an_import_is_watched_cancelled_and_tried_again(api_client, owner, workspace, asker):
    client = api_client(owner)
    version = adding.add_model(asker=asker, name="mine", source="hub", location="acme/tiny")
    progress = [{"name": "model.safetensors", "done": 1_500_000, "size": 6_000_000}]
    ModelVersion.objects.filter(pk=version.pk).update(attempts=1, progress=progress)
    path = f"/models/versions/{version.pk}/"
    page = client.get(path).content.decode()
    assert 'value="1500000" max="6000000"' in page and "every 1s" in page
    assert 'value="1500000" max="6000000"' in client.get("/models/").content.decode()
    part = client.get(path, headers=PARTIAL)
    assert part.content.decode().lstrip().startswith('<div id="transfers"') and "HX-Refresh" not in part
    assert "Stopping" in client.post(f"{path}cancellation/", follow=True).content.decode()
    ModelVersion.objects.filter(pk=version.pk).update(status="failed", error="It was cancelled.")
    assert client.get(path, headers=PARTIAL)["HX-Refresh"] == "true"
    assert "It was cancelled." in client.get(path).content.decode()
    client.post(f"{path}resumption/")
    version.refresh_from_db()
    assert (version.status, version.cancel_requested, version.attempts) == ("importing", False, 0)


def test_an_upload_is_confirmed_watched_and_cancelled(api_client, owner, starter):
    client = api_client(owner)
    path = f"/models/versions/{starter.versions.get(number=1).pk}/"
    sent = {"repository": "acme/x", "visibility": "private"}
    unconfirmed = client.post(f"{path}uploads/", sent)
    assert unconfirmed.status_code == 422 and "would leave this machine" in unconfirmed.content.decode()
    page = client.post(f"{path}uploads/", {**sent, "confirm": "on"}, follow=True).content.decode()
    assert "On its way to acme/x" in page and "every 1s" in page
    upload = HubUpload.objects.get()
    assert upload.private and upload.person == owner
    client.post(f"/models/uploads/{upload.pk}/cancellation/")
    upload.refresh_from_db()
    assert upload.status == "cancelled"


def test_uploads_over_http(api_client, owner, starter):
    client = api_client(owner)
    path = f"/api/models/{starter.versions.get(number=1).pk}/uploads"
    body = {"repository": "acme/x", "confirm": True}
    row = client.post(path, body, content_type="application/json").json()
    assert (row["status"], row["private"], row["by"]) == ("queued", True, owner.email)
    assert client.get(path).json() == [client.get(f"/api/uploads/{row['id']}").json()]
    client.post(f"/api/uploads/{row['id']}/cancellation")
    assert client.get(f"/api/uploads/{row['id']}").json()["status"] == "cancelled"
