"""The audit log: what is recorded stays, tells who and by which door, and is read by owner and admins."""

import csv
import json
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.models import ApiKey, AuditEvent, Membership, Role
from flowbuilder.accounts.services import asker_from_key, asker_from_user

pytestmark = pytest.mark.django_db


def moved(asker, subject="starter:production", **details):
    return record(asker=asker, action="alias.moved", subject=subject, details=details)


def read(client, **wanted):
    answer = client.get("/api/audit", wanted)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_an_event_tells_who_what_and_when(api_client, owner, asker):
    moved(asker, before="starter@1", after="starter@2")
    (row,) = read(api_client(owner))
    assert (row["actor"], row["key"], row["action"]) == (owner.email, None, "alias.moved")
    assert row["details"] == {"before": "starter@1", "after": "starter@2"} and row["at"]


def test_what_a_key_did_names_the_key_and_never_its_secret(api_client, owner, asker):
    _, secret = ApiKey.issue(asker.workspace, owner, "nightly")
    moved(asker_from_key(secret))
    answer = api_client(owner).get("/api/audit")
    assert answer.json()[0]["key"] == "nightly" and answer.json()[0]["actor"] == owner.email
    assert secret not in answer.content.decode()


def test_what_was_undone_was_not_recorded(asker):
    with pytest.raises(RuntimeError), transaction.atomic():
        moved(asker)
        raise RuntimeError
    assert not AuditEvent.objects.exists()


def test_it_is_only_added_to(asker):
    event = moved(asker)
    event.subject = "another"
    for change in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(action="nothing"),
    ):
        with pytest.raises(TypeError, match="only added to"):
            change()
    assert AuditEvent.objects.get().subject == "starter:production"


def test_an_event_outlives_its_person(teammate, workspace):
    moved(asker_from_user(teammate))
    teammate.delete()
    event = AuditEvent.objects.get()
    assert event.actor is None and event.actor_name == "teammate@example.test"


def test_it_goes_with_its_workspace(asker, workspace):
    moved(asker)
    workspace.delete()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_owner_and_admins_read_it(api_client, teammate, asker, role):
    moved(asker)
    Membership.objects.filter(user=teammate).update(role=role)
    may = role in {Role.OWNER, Role.ADMIN}
    client = api_client(teammate)
    assert client.get("/api/audit").status_code == (200 if may else 403)
    assert client.get("/audit/").status_code == (200 if may else 403)
    assert ("Audit log" in client.get("/models/").content.decode()) is may


def test_filters_and_pages_over_http(api_client, owner, asker, teammate):
    for number in range(5):
        moved(asker, subject=f"model-{number}:production")
    record(asker=asker_from_user(teammate), action="hub.upload", subject="model-1", details={})
    client = api_client(owner)
    assert [row["subject"] for row in read(client, subject="model-1")] == ["model-1", "model-1:production"]
    assert [row["action"] for row in read(client, actor=teammate.email)] == ["hub.upload"]
    assert len(read(client, action="alias.moved")) == 5
    first = read(client, limit=4)
    rest = read(client, before=first[-1]["id"])
    assert [row["subject"] for row in rest] == ["model-1:production", "model-0:production"]


def test_before_names_an_event_of_this_log(api_client, owner, stranger):
    theirs = moved(asker_from_user(stranger))
    answer = api_client(owner).get("/api/audit", {"before": str(theirs.pk)})
    assert answer.status_code == 404 and "'before' names no event" in answer.json()["error"]["message"]


def test_the_page_filters_and_to_htmx_gives_the_part(api_client, owner, asker):
    moved(asker, subject="<b>one</b>:production")
    record(asker=asker, action="hub.upload", subject="two", details={"repository": "acme/two"})
    client = api_client(owner)
    page = client.get("/audit/").content.decode()
    assert "&lt;b&gt;one&lt;/b&gt;" in page and "acme/two" in page
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = client.get("/audit/?action=hub.upload", headers=headers).content.decode()
    assert (
        part.lstrip().startswith('<div id="events"')
        and "acme/two" in part
        and "one" not in part.split("<ul")[1]
    )


def test_keys_and_publications_are_told(api_client, owner, workspace, asker):
    client = api_client(owner)
    key = client.post("/api/keys", {"name": "ci"}, content_type="application/json").json()
    client.delete(f"/api/keys/{key['id']}")
    client.post("/keys/", {"name": "by hand"})
    flow = client.post(
        "/api/flows", {"name": "Bot", "template": "hello"}, content_type="application/json"
    ).json()
    client.post(f"/api/flows/{flow['id']}/versions", {}, content_type="application/json")
    path = f"/api/flows/{flow['id']}/publication"
    client.put(path, {"version": 1}, content_type="application/json")
    client.put(path, {"version": None}, content_type="application/json")
    told = [(row["action"], row["subject"], row["details"].get("after")) for row in read(client)]
    assert told == [
        ("flow.published", "Bot", None),
        ("flow.published", "Bot", 1),
        ("key.issued", "by hand", None),
        ("key.revoked", "ci", None),
        ("key.issued", "ci", None),
    ]
    assert key["key"] not in str(list(AuditEvent.objects.values()))


def test_words_are_found_in_all_that_an_event_says(api_client, owner, asker):
    moved(asker, reason="夜班 says so")
    moved(asker, subject="other:staging", before="heron@1")
    client = api_client(owner)
    assert [row["subject"] for row in read(client, text="夜班")] == ["starter:production"]
    assert [row["subject"] for row in read(client, text="HERON staging")] == ["other:staging"]
    assert not read(client, text="heron production") and len(read(client, text=owner.email)) == 2


def test_days_count_whole(api_client, owner, asker):
    today = moved(asker).created_at.date()
    day = timedelta(days=1)
    client = api_client(owner)
    assert len(read(client, since=str(today), until=str(today))) == 1
    assert not read(client, since=str(today + day)) and not read(client, until=str(today - day))


def taken_away(answer) -> str:
    async def whole() -> bytes:
        return b"".join([part async for part in answer.streaming_content])

    return async_to_sync(whole)().decode()


@pytest.mark.django_db(transaction=True)
def test_it_is_taken_away_with_no_cell_that_is_a_formula(api_client, owner, asker):
    moved(asker, subject="=HYPERLINK(1)")
    moved(asker, subject="two")
    client = api_client(owner)
    text = taken_away(client.post("/audit/export/", {"file": "csv", "subject": "HYPERLINK"}))
    lines = list(csv.DictReader(text.lstrip("\ufeff").splitlines()))
    assert [line["subject"] for line in lines] == ["'=HYPERLINK(1)"]
    body = {"file": "jsonl", "action": "alias.moved"}
    text = taken_away(client.post("/api/audit/exports", body, content_type="application/json"))
    assert [json.loads(line)["subject"] for line in text.splitlines()] == ["two", "=HYPERLINK(1)"]
    told = AuditEvent.objects.filter(action="audit.exported").values_list("details", flat=True)
    assert {"subject": "HYPERLINK"} in told
