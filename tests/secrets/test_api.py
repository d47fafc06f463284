"""Secrets are written, used by name and never read."""

import json

import pytest

from flowbuilder.accounts.models import AuditEvent
from flowbuilder.secrets.models import Secret
from flowbuilder.secrets.revealing import reveal, revealed
from nodes.base import NodeError

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a9c"


def keep(client, **fields):
    body = {"name": "crm_token", "value": CANARY, "hosts": ["crm.example.com"], **fields}
    return client.post("/api/secrets", body, content_type="application/json")


def test_a_value_is_never_read_again(api_client, owner):
    client = api_client(owner)
    kept = keep(client)
    assert kept.status_code == 201 and kept.json()["hosts"] == ["crm.example.com"]
    audited = json.dumps([[event.subject, event.details] for event in AuditEvent.objects.all()])
    row = json.dumps(list(Secret.objects.values()), default=str)
    pages = [
        client.get(path).content.decode() for path in ("/api/secrets", "/secrets/", "/api/audit", "/audit/")
    ]
    assert "crm_token" in pages[0] and "crm_token" in pages[1] and "secret.kept" in pages[2]
    assert all(CANARY not in text for text in (kept.content.decode(), audited, row, *pages))


def test_a_form_that_is_refused_does_not_show_the_value(api_client, owner):
    refused = api_client(owner).post("/secrets/", {"name": "1", "value": CANARY, "hosts": "crm.example.com"})
    assert refused.status_code == 422 and "begins with a letter" in refused.content.decode()
    assert CANARY not in refused.content.decode()


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"name": "9"}, 422, "begins with a letter"),
        ({"value": "abc"}, 422, "4 to 8000 characters"),
        ({"value": "ab\ncdef"}, 422, "no line breaks"),
        ({"hosts": []}, 422, "at least one host"),
        ({"hosts": ["http://x.example"]}, 422, "'http://x.example' is no host"),
    ],
)
def test_what_is_refused_says_why(api_client, owner, fields, status, why):
    refused = keep(api_client(owner), **fields)
    assert refused.status_code == status and why in refused.json()["error"]["message"]
    assert CANARY not in refused.content.decode()


def test_a_name_is_taken_once(api_client, owner):
    client = api_client(owner)
    keep(client)
    assert keep(client).status_code == 409


def test_a_replaced_value_is_the_one_that_is_used(api_client, owner, workspace):
    client = api_client(owner)
    path = f"/api/secrets/{keep(client).json()['id']}"
    changed = {"value": "another-one", "hosts": ["*.example.org"]}
    assert client.put(path, changed, content_type="application/json").json()["hosts"] == ["*.example.org"]
    assert reveal(workspace.pk, "crm_token", "https://a.example.org/x") == "another-one"
    assert client.put(path, {"hosts": ["evil.test"]}, content_type="application/json").status_code == 422
    assert client.delete(path).status_code == 204
    with pytest.raises(NodeError, match="no secret 'crm_token'"):
        reveal(workspace.pk, "crm_token", "https://a.example.org/x")


def test_a_page_replaces_and_deletes(api_client, owner, workspace):
    client = api_client(owner)
    client.post("/secrets/", {"name": "crm", "value": CANARY, "hosts": "crm.example.com"})
    secret = Secret.objects.get(name="crm")
    refused = client.post(f"/secrets/{secret.pk}/value/", {"value": "new-value", "hosts": "//"})
    assert refused.status_code == 422 and "is no host" in refused.content.decode()
    client.post(f"/secrets/{secret.pk}/value/", {"value": "new-value", "hosts": "crm.example.com"})
    assert reveal(workspace.pk, "crm", "https://crm.example.com") == "new-value"
    client.post(f"/secrets/{secret.pk}/deletion/")
    assert not Secret.objects.exists()


def test_it_goes_to_its_hosts_and_from_its_workspace_only(api_client, owner, stranger, workspace):
    keep(api_client(owner))
    with pytest.raises(
        NodeError, match=r"may not be sent to 'evil.test'; it is for crm.example.com"
    ) as refused:
        reveal(workspace.pk, "crm_token", "https://evil.test/")
    assert CANARY not in str(refused.value)
    elsewhere = stranger.memberships.get().workspace_id
    with pytest.raises(NodeError, match="no secret 'crm_token' in this workspace. There is: none"):
        reveal(elsewhere, "crm_token", "https://crm.example.com/")


def test_hosts_that_somebody_changed_in_the_database_do_not_count(api_client, owner, workspace):
    keep(api_client(owner))
    Secret.objects.update(hosts=["evil.test"])
    with pytest.raises(NodeError, match="may not be sent to"):
        reveal(workspace.pk, "crm_token", "https://evil.test/")


@pytest.mark.django_db(transaction=True)
async def test_its_use_is_noted(asker):
    from asgiref.sync import sync_to_async

    from flowbuilder.secrets import services

    await sync_to_async(services.keep)(asker=asker, name="crm", value=CANARY, hosts="crm.example.com")
    assert await revealed(asker.workspace.pk, "crm", "https://crm.example.com/v1") == CANARY
    assert (await Secret.objects.aget()).used_at is not None


def test_another_installation_s_key_is_told(api_client, owner, workspace, settings):
    keep(api_client(owner))
    settings.SECRET_KEY = "restored without its file"
    with pytest.raises(NodeError, match="enter its value anew"):
        reveal(workspace.pk, "crm_token", "https://crm.example.com/")
