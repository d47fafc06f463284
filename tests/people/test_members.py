"""Who manages whom, and that somebody always owns a workspace."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import ApiKey, Asker, AuditEvent, Membership, Role
from flowbuilder.accounts.services import asker_from_key, asker_from_user
from flowbuilder.people import members

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(teammate):
    return teammate.memberships.get()


def asking_as(role: str, teammate) -> Asker:
    teammate.memberships.update(role=role)
    return asker_from_user(teammate)


def test_a_role_is_changed_and_told(asker, member):
    members.change_role(asker=asker, member=member, role="viewer")
    event = AuditEvent.objects.get()
    assert Membership.objects.get(pk=member.pk).role == "viewer"
    assert (event.action, event.subject) == ("member.role", "teammate@example.test")
    assert event.details == {"before": "editor", "after": "viewer"}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.RUNNER, Role.VIEWER])
def test_others_manage_nobody(asker, owner, teammate, role):
    with pytest.raises(ApiError, match="owner and admins"):
        members.change_role(asker=asking_as(role, teammate), member=owner.memberships.get(), role="viewer")
    with pytest.raises(ApiError, match="owner and admins"):
        members.remove(asker=asking_as(role, teammate), member=owner.memberships.get())


def test_an_admin_neither_touches_nor_becomes_an_owner(asker, owner, teammate):
    admin = asking_as(Role.ADMIN, teammate)
    for member, role in ((owner.memberships.get(), "viewer"), (teammate.memberships.get(), "owner")):
        with pytest.raises(ApiError, match="by an owner only"):
            members.change_role(asker=admin, member=member, role=role)
    with pytest.raises(ApiError, match="by an owner only"):
        members.remove(asker=admin, member=owner.memberships.get())


def test_the_last_owner_stays(asker, owner):
    mine = owner.memberships.get()
    for work in (
        lambda: members.remove(asker=asker, member=mine),
        lambda: members.change_role(asker=asker, member=mine, role="admin"),
    ):
        with pytest.raises(ApiError, match="last owner"):
            work()


def test_of_two_owners_one_may_leave(asker, owner, member):
    members.change_role(asker=asker, member=member, role="owner")
    members.remove(asker=asker, member=owner.memberships.get())
    assert [one.user.email for one in Membership.objects.filter(workspace=asker.workspace)] == [
        "teammate@example.test"
    ]
    assert AuditEvent.objects.first().action == "member.left"


def test_whoever_wants_leaves(asker, teammate, member):
    members.remove(asker=asker_from_user(teammate), member=member)
    assert asker_from_user(teammate) is None


def test_the_keys_of_who_is_removed_stop(asker, teammate, member):
    _, secret = ApiKey.issue(asker.workspace, teammate, "theirs")
    members.remove(asker=asker, member=member)
    assert asker_from_key(secret) is None


def test_a_workspace_is_handed_on(asker, owner, member):
    members.hand_over(asker=asker, member_id=member.pk)
    assert Membership.objects.get(pk=member.pk).role == "owner"
    assert owner.memberships.get().role == "admin"
    with pytest.raises(ApiError, match="has just changed"):
        members.hand_over(asker=asker, member_id=member.pk)


def test_who_was_just_demoted_changes_nothing(asker, owner, member):
    """Their page was loaded before."""
    owner.memberships.update(role="viewer")
    with pytest.raises(ApiError, match="has just changed"):
        members.change_role(asker=asker, member=member, role="admin")


def test_a_member_of_another_workspace_is_not_there(asker, stranger):
    with pytest.raises(ApiError, match="No such member"):
        members.remove(asker=asker, member=stranger.memberships.get())


def test_a_role_that_there_is_not(asker, member):
    with pytest.raises(ApiError, match="no role 'king'; there are owner, admin"):
        members.change_role(asker=asker, member=member, role="king")


def test_the_page_shows_members_and_gives_buttons_to_who_manages(api_client, owner, teammate):
    page = api_client(owner).get("/members/").content.decode()
    assert "teammate@example.test" in page and 'name="role"' in page and "Deletes" not in page
    page = api_client(teammate).get("/members/").content.decode()
    assert "owner@example.test" in page and 'name="role"' not in page


def test_who_leaves_by_the_page_goes_on_without(api_client, owner, teammate):
    client = api_client(teammate)
    answer = client.post(f"/members/{teammate.memberships.get().pk}/removal/", follow=True)
    assert "You are in no workspace" in answer.content.decode()


def test_the_page_says_why_the_last_owner_stays(api_client, owner):
    answer = api_client(owner).post(f"/members/{owner.memberships.get().pk}/removal/", follow=True)
    assert "last owner" in answer.content.decode()
