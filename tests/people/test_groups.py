"""Groups: of members of this workspace, one of a name."""

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent, Group
from flowbuilder.accounts.services import asker_from_user
from flowbuilder.people import groups

pytestmark = pytest.mark.django_db


def test_it_is_made_changed_and_deleted(asker, teammate):
    member = teammate.memberships.get()
    group = groups.create(asker=asker, name="Reviewers", members=[member.pk])
    groups.change(asker=asker, group=group, name="Raters", members=[])
    groups.delete(asker=asker, group=group)
    told = AuditEvent.objects.order_by("created_at").values_list("action", "subject", "details__members")
    assert list(told) == [
        ("group.created", "Reviewers", ["teammate@example.test"]),
        ("group.changed", "Raters", []),
        ("group.deleted", "Raters", []),
    ]


def test_a_name_is_there_once(asker):
    groups.create(asker=asker, name="Reviewers")
    with pytest.raises(ApiError, match="there already"):
        groups.create(asker=asker, name=" Reviewers ")


def test_a_stranger_is_put_into_none(asker, stranger):
    with pytest.raises(ApiError, match="Not members"):
        groups.create(asker=asker, name="Reviewers", members=[stranger.memberships.get().pk])
    assert not Group.objects.exists()


@pytest.mark.parametrize("body", [{"name": "Reviewers", "members": [10**19]}, {"name": "Half \ud800"}])
def test_what_no_database_keeps_is_refused(api_client, owner, body):
    answer = api_client(owner).post("/api/groups", body, content_type="application/json")
    # PostgreSQL may be asked for any number, and has no such member.
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert not Group.objects.exists()


def test_the_page(api_client, owner, teammate):
    client = api_client(owner)
    client.post("/groups/", {"name": "Reviewers", "members": [teammate.memberships.get().pk]})
    group = Group.objects.get()
    assert group.members.count() == 1
    client.post(f"/groups/{group.pk}/", {"name": "Raters"})
    assert b"Raters" in client.get("/groups/").content and group.members.count() == 0
    assert api_client(teammate).post("/groups/", {"name": "Mine"}).status_code == 403
    assert not asker_from_user(teammate).can_administer
