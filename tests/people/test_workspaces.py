"""Making, naming, choosing and deleting workspaces."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey, AuditEvent, Workspace, WorkspaceOwned
from flowbuilder.accounts.services import asker_from_key, asker_from_user
from flowbuilder.people import deletion, workspaces
from flowbuilder.people.models import Deletion
from tests.safety.world.whole import make_world

pytestmark = pytest.mark.django_db


def test_a_new_one_is_chosen_and_the_old_one_is_left_in_peace(api_client, owner, workspace):
    client = api_client(owner)
    client.post("/workspaces/", {"name": "Second"})
    assert client.get("/").context["request"].asker.workspace.name == "Second"
    menu = client.get("/").content.decode()
    assert "Depot" in menu and "Second" in menu
    client.post(f"/workspaces/{workspace.pk}/choice/")
    assert client.get("/api/workspaces").json() == [
        {"id": str(workspace.pk), "name": "Depot", "role": "owner", "current": True},
        {
            "id": str(Workspace.objects.get(name="Second").pk),
            "name": "Second",
            "role": "owner",
            "current": False,
        },
    ]


def test_somebody_else_s_is_not_there(api_client, owner, stranger):
    theirs = stranger.memberships.get().workspace_id
    assert api_client(owner).post(f"/workspaces/{theirs}/choice/").status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_name_is_needed(asker, name):
    with pytest.raises(ApiError, match="1 to 100"):
        workspaces.rename(asker=asker, name=name)


def test_it_is_renamed_and_told(asker):
    workspaces.rename(asker=asker, name=" Depot  North ")
    assert AuditEvent.objects.get().subject == "Depot North"


def test_nobody_owns_very_many(owner, asker, monkeypatch):
    monkeypatch.setattr(workspaces, "MOST_WORKSPACES", 1)
    with pytest.raises(ApiError, match="You own 1"):
        workspaces.create(user=owner, name="Second")


def test_its_name_has_to_be_typed_and_by_an_owner(asker, teammate):
    with pytest.raises(ApiError, match="Type the workspace's name, 'Depot'"):
        deletion.ask_for(asker=asker, name="depot")
    with pytest.raises(ApiError, match="by an owner"):
        deletion.ask_for(asker=asker_from_user(teammate), name="Depot")


def test_from_the_first_moment_nobody_is_in_it(asker, owner, monkeypatch):
    _, secret = ApiKey.issue(asker.workspace, owner, "ci")
    deletion.ask_for(asker=asker, name="Depot")
    assert asker_from_user(owner) is None and asker_from_key(secret) is None
    assert Deletion.objects.get().workspace == asker.workspace


def test_who_had_the_say_in_it_is_told_that_it_is_gone(asker, owner, teammate, stranger, api_client):
    deletion.ask_for(asker=asker, name="Depot")
    deletion.erase_all()
    page = api_client(owner).get("/workspaces/").content.decode()
    assert "Deleted workspaces" in page and "Depot" in page and f"deleted by {owner.email}" in page
    for other in (teammate, stranger):
        assert b"Depot" not in api_client(other).get("/workspaces/").content


def test_everything_of_it_goes_and_nothing_of_another(db, settings):
    """The world has one of everything, the stranger's a starter model."""
    world = make_world()
    elsewhere = world.people["stranger"].memberships.get().workspace
    kept = counted(elsewhere)
    asker = asker_from_user(world.people["owner"])
    assert sum(counted(world.workspace).values()) > 20
    deletion.ask_for(asker=asker, name=world.workspace.name)
    deletion.erase_all()
    assert not Workspace.objects.filter(pk=world.workspace.pk).exists()
    assert counted(elsewhere) == kept and not Deletion.objects.exists()
    assert world.people["owner"].pk, "people stay"


def counted(workspace: Workspace) -> dict[type[WorkspaceOwned], int]:
    return {model: model.objects.filter(workspace=workspace).count() for model in deletion.owned()}
