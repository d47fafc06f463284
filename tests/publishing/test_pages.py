"""The page of keys: a key is shown once; each asker gets the right answer."""

import pytest
from django.test import Client

from flowbuilder.accounts.models import ApiKey, Membership, Role, User
from flowbuilder.flows import publication, services

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def viewer(workspace):
    user = User.objects.create_user("viewer@example.test", "correct horse battery")
    Membership.objects.create(user=user, workspace=workspace, role=Role.VIEWER)
    return user


@pytest.fixture
def flow(asker):
    return services.create_flow(asker=asker, name="Greeting", template="hello")


@pytest.fixture
def key(asker):
    return ApiKey.issue(asker.workspace, asker.user, "nightly")[0]


@pytest.fixture
def as_user(api_client, request):
    """``as_user("viewer")`` is that fixture's client, ``as_user(None)`` nobody's."""
    return lambda who: api_client(request.getfixturevalue(who) if who else None)


def bearer(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


@pytest.mark.parametrize(
    ("who", "status"), [("owner", 200), ("teammate", 200), ("viewer", 200), ("stranger", 200), (None, 302)]
)
def test_who_reads_the_page(as_user, key, who, status):
    page = as_user(who).get("/keys/")
    assert page.status_code == status
    assert (key.name in page.content.decode()) == (who in {"owner", "teammate", "viewer"})


@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("teammate", 200), ("viewer", 403), (None, 302)])
def test_who_creates(as_user, who, status):
    assert as_user(who).post("/keys/", {"name": "ci"}).status_code == status
    assert ApiKey.objects.exists() == (status == 200)


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 302), ("teammate", 302), ("viewer", 403), ("stranger", 404), (None, 302)],
)
def test_who_revokes(as_user, key, who, status):
    assert as_user(who).post(f"/keys/{key.pk}/revocation/").status_code == status
    key.refresh_from_db()
    assert (key.revoked_at is not None) == (who in {"owner", "teammate"})


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_key_is_shown_once_works_and_is_kept_by_no_cache(as_user, headers):
    client = as_user("owner")
    answer = client.post("/keys/", {"name": "ci"}, headers=headers)
    secret = answer.context["issued"].secret
    assert secret in answer.content.decode() and "no-store" in answer["Cache-Control"]
    assert bearer(secret).get("/api/flows").status_code == 200
    assert secret not in client.get("/keys/").content.decode()


def test_the_example_calls_a_flow_that_is_published(as_user, asker, flow):
    client = as_user("owner")
    assert "/v1/models" in client.post("/keys/", {"name": "ci"}).content.decode()
    services.publish_version(asker=asker, flow=flow)
    publication.set_publication(asker=asker, flow=flow, number=1)
    page = client.post("/keys/", {"name": "ci"}).content.decode()
    assert "http://testserver/v1/chat/completions" in page and flow.slug in page


def test_a_key_may_be_limited_to_a_flow_which_the_list_names(as_user, flow):
    client = as_user("owner")
    secret = client.post("/keys/", {"name": "ci", "flow": flow.pk}).context["issued"].secret
    assert [row["name"] for row in bearer(secret).get("/api/flows").json()] == [flow.name]
    assert bearer(secret).delete(f"/api/flows/{flow.pk}").status_code == 403
    assert flow.name in client.get("/keys/").content.decode()
    flow.delete()
    assert "a deleted flow" in client.get("/keys/").content.decode()


def test_a_stranger_cannot_limit_a_key_to_our_flow(as_user, flow):
    answer = as_user("stranger").post("/keys/", {"name": "ci", "flow": flow.pk})
    assert answer.status_code == 422 and not ApiKey.objects.exists()


def test_a_key_without_a_name_is_refused(as_user):
    answer = as_user("owner").post("/keys/", {"name": " "}, headers=HTMX)
    assert answer.status_code == 422 and "required" in answer.content.decode()


def test_a_revoked_key_stays_in_the_list_and_is_refused(as_user, asker):
    key, secret = ApiKey.issue(asker.workspace, asker.user, "nightly")
    page = as_user("owner").post(f"/keys/{key.pk}/revocation/", headers=HTMX).content.decode()
    assert "nightly" in page and "Revoked" in page and "<html" not in page
    assert bearer(secret).get("/api/flows").status_code == 401


def test_revoking_twice_changes_nothing(as_user, key):
    client = as_user("owner")
    client.post(f"/keys/{key.pk}/revocation/")
    key.refresh_from_db()
    first = key.revoked_at
    assert client.post(f"/keys/{key.pk}/revocation/").status_code == 302
    key.refresh_from_db()
    assert key.revoked_at == first
