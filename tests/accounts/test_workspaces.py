"""Somebody of several workspaces asks in the one that their session chose, and only ever in one they belong to."""

import pytest

from flowbuilder.accounts.models import Group, Membership, Role
from flowbuilder.accounts.services import CHOSEN, asker_from_session, asker_from_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(owner, stranger):
    """The owner is a viewer of the stranger's workspace, too."""
    workspace = stranger.memberships.get().workspace
    Membership.objects.create(user=owner, workspace=workspace, role=Role.VIEWER)
    return workspace


def test_the_first_is_taken_until_one_is_chosen(owner, workspace, elsewhere):
    assert asker_from_user(owner).workspace == workspace
    chosen = asker_from_user(owner, str(elsewhere.pk))
    assert (chosen.workspace, chosen.role) == (elsewhere, Role.VIEWER)


@pytest.mark.parametrize("chosen", ["nonsense", "", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_theirs_is_not_chosen(owner, workspace, chosen):
    assert asker_from_user(owner, chosen).workspace == workspace


def test_pages_the_api_and_sockets_ask_in_the_chosen_one(api_client, owner, elsewhere):
    client = api_client(owner)
    session = client.session
    session[CHOSEN] = str(elsewhere.pk)
    session.save()
    assert client.get("/").context["request"].asker.workspace == elsewhere
    answer = client.post("/api/flows", {"name": "New"}, content_type="application/json")
    assert answer.status_code == 403, "a viewer there, though the owner here"
    assert asker_from_session(session.session_key).workspace == elsewhere


def test_who_leaves_a_workspace_leaves_its_groups(asker, teammate):
    group = Group.objects.create(workspace=asker.workspace, name="Reviewers")
    group.members.add(teammate.memberships.get())
    teammate.memberships.get().delete()
    assert not group.members.exists()


def test_groups_are_seen_in_their_workspace_only(asker, stranger):
    Group.objects.create(workspace=asker.workspace, name="Reviewers")
    assert Group.objects.visible_to(asker).exists()
    assert not Group.objects.visible_to(asker_from_user(stranger)).exists()
