"""Runs are found by what was said in them; secrets stay out; old ones go as the workspace wants."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.feedback.models import Rating
from flowbuilder.publishing.logs import retention
from flowbuilder.publishing.usage.models import UsageRecord
from flowbuilder.publishing.usage.prices import keep_books
from flowbuilder.runs import services as runs
from flowbuilder.runs.models import Run, RunEvent, Status
from flowbuilder.secrets import services as secrets

pytestmark = pytest.mark.django_db


def a_run(asker, flow, question: str, *, says: str = "", **fields) -> Run:
    run = runs.submit(asker=asker, flow=flow, version=flow.published_version, inputs={"question": question})
    event = {"type": "node.finished", "node": "prompt", "data": {"outputs": {"out": says}}}
    RunEvent.objects.create(run=run, seq=1, at=0, **event)
    ended = {"status": Status.FINISHED, "ended_at": timezone.now(), **fields}
    Run.objects.filter(pk=run.pk).update(**ended)
    return run


@pytest.mark.parametrize("text", ["parcel 7", "PARCEL", "Kühlwagen", "包裹", 'say "yes"', "back\\slash"])
def test_text_is_found_wherever_it_stands(asker, live_flow, api_client, text):
    given = a_run(asker, live_flow, f"Where is {text}?")
    answered = a_run(asker, live_flow, "1", reply=f"It is {text}.")
    failed = a_run(asker, live_flow, "2", error=f"No {text}", status=Status.FAILED)
    between = a_run(asker, live_flow, "3", says=f"({text})")
    a_run(asker, live_flow, "other")
    found = api_client(asker.user).get("/api/logs", {"text": text.lower() if text.isupper() else text})
    expected = {str(run.pk) for run in (given, answered, failed, between)}
    assert text.isupper() or {row["id"] for row in found.json()} == expected
    assert {row["id"] for row in found.json()} <= expected


def test_filters(asker, live_flow, api_client):
    client = api_client(asker.user)
    run = a_run(asker, live_flow, "one", status=Status.FAILED)
    old = a_run(asker, live_flow, "two")
    Run.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=20))

    def found(**asked):
        return [row["id"] for row in client.get("/api/logs", asked).json()]

    assert found() == [str(run.pk)]
    assert found(status="failed") == [str(run.pk)] and found(status="finished") == []
    since = (timezone.now() - timedelta(days=30)).date()
    assert found(since=since) == [str(run.pk), str(old.pk)]
    assert found(door="editor") == [str(run.pk)] and found(door="openai") == []
    assert client.get("/logs/?text=one&tail=on").context["runs"].paginator.count == 1


def test_secrets_are_taken_out_of_what_is_read(asker, live_flow, api_client):
    secrets.keep(asker=asker, name="crm", value="s3cret-value", hosts=["crm.example.com"])
    run = a_run(asker, live_flow, "my key is s3cret-value", says="s3cret-value", reply="s3cret-value!")
    client = api_client(asker.user)
    told = b"".join(client.get("/api/logs/export").streaming_content).decode()
    assert json.loads(told)["id"] == str(run.pk) and "[secret crm]" in told
    pages = [client.get("/logs/").content.decode(), client.get("/api/logs").content.decode()]
    assert all("s3cret-value" not in text for text in [told, *pages])


def test_old_runs_go_and_what_they_used_and_what_was_said_of_them_stays(asker, live_flow):
    old, young = (a_run(asker, live_flow, text, reply="Hi") for text in ("old", "young"))
    Run.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=8))
    Rating.objects.create(
        workspace=asker.workspace, flow=live_flow, run=old, kind="thumbs", prompt="?", up=True
    )
    assert retention.delete_old_runs() == 0
    keep_books(asker=asker, keep_days=7)
    assert retention.delete_old_runs() == 1
    assert list(Run.objects.values_list("pk", flat=True)) == [young.pk]
    assert UsageRecord.objects.count() == 2 and Rating.objects.get().run is None
