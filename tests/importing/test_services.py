"""Imports from the file to the rows: everything of a workspace, all or nothing, previewed and made."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from flowbuilder.accounts.errors import ApiError
from flowbuilder.datasets.models import Dataset
from flowbuilder.feedback.models import Rating
from flowbuilder.flows.models import Flow, SavedTemplate
from flowbuilder.importing import services
from flowbuilder.importing.models import Import, Status
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.runs.conversation import NodeConversation
from flowbuilder.variables.models import Variable
from tests.importing.samples import agent_flow, chain, workspace

pytestmark = pytest.mark.django_db


def bytes_of(data) -> bytes:
    return json.dumps(data).encode()


def brought(asker, *files):
    return services.make(asker=asker, imported=services.preview(asker=asker, files=files))


def test_a_preview_makes_nothing_and_is_made_once(asker):
    found = services.preview(asker=asker, files=[("greeter Chatflow.json", bytes_of(chain()))])
    assert (found.status, Flow.objects.count()) == (Status.PREVIEW, 0)
    (told,) = found.report["flows"]
    assert (told["name"], told["report"]["counts"]["converted"]) == ("greeter", 2)
    made = services.make(asker=asker, imported=found)
    assert made.report["flows"][0]["flow"] == str(Flow.objects.get().pk) and made.held is None
    with pytest.raises(ApiError, match="imported already"):
        services.make(asker=asker, imported=made)


def test_a_report_names_what_somebody_has_to_do_and_holds_no_secret(asker):
    found = brought(asker, ("greeter.json", bytes_of(chain())))
    report = found.report["flows"][0]["report"]
    assert report["hosts"] == [{"host": "api.openai.com", "node": "Greeter"}]
    assert report["secrets"][0]["what"] == "The key for api.openai.com"
    assert {"node": "Greeter", "setting": "frequencyPenalty", "value": "0.5"} in report["lost"]
    assert "sk-canary" not in json.dumps(found.report) + json.dumps(Flow.objects.get().graph)


def test_a_workspace_comes_with_everything_beside_its_flows(asker):
    found = brought(asker, ("all.json", bytes_of(workspace())))
    flows = {flow.name: flow for flow in Flow.objects.all()}
    assert sorted(flows) == ["Clerk", "Depot helper", "Greeter"]
    base = KnowledgeBase.objects.get()
    document = base.documents.get()
    assert (base.name, document.splitting["method"]) == ("Handbook", "delimiter")
    retrieves = [
        node for node in flows["Depot helper"].graph["nodes"] if node["type"] == "knowledge.retrieve"
    ]
    assert [node["settings"]["base"] for node in retrieves] == [str(base.pk)]
    assert SavedTemplate.objects.get().title == "Greeting"
    assert dict(Variable.objects.values_list("name", "value")) == {"city": "Graz"}
    dataset = Dataset.objects.get()
    row = dataset.rows.get()
    assert [turn["content"] for turn in row.content["messages"]] == ["Where is parcel 7?", "In bay 3."]
    assert row.source["conversation"] == "c1"
    rating = Rating.objects.get()
    assert (rating.up, rating.prompt, rating.answer, rating.comment) == (
        True,
        "Where is parcel 7?",
        "In bay 3.",
        "Quick",
    )
    (told,) = found.report["workspaces"]
    assert told["asked_for"] == ["apiKey", "region"]
    assert told["conversations"][0]["without_an_answer"] == 1
    assert [left["count"] for left in told["left_out"]] == [1]
    assert "sk-canary" not in json.dumps(found.report)


def test_what_was_said_stands_among_the_conversations(asker, api_client, owner):
    brought(asker, ("all.json", bytes_of(workspace())))
    flow = Flow.objects.get(name="Depot helper")
    client = api_client(owner)
    (found,) = client.get("/api/conversations", {"flow": str(flow.pk)}).json()
    assert (found["conversation"], found["door"], found["turns"]) == ("c1", "flowise", 1)
    assert found["began"].startswith("2025-01-01T10:00:05") and found["ratings"] == {
        "all": 1,
        "up": 1,
        "down": 0,
    }
    (turn,) = client.get(f"/api/flows/{flow.pk}/conversation", {"conversation": "c1"}).json()
    assert (turn["asked"], turn["reply"]) == ("Where is parcel 7?", "In bay 3.")
    assert turn["ratings"][0]["comment"] == "Quick"
    assert client.get(f"/api/runs/{turn['run']}").status_code == 200
    remembered = NodeConversation(None, flow.pk, "c1", None)._turns(5)
    assert [(each.question, each.reply) for each in remembered] == [("Where is parcel 7?", "In bay 3.")]


def test_what_is_here_with_another_value_stays(asker):
    Variable.objects.create(workspace=asker.workspace, scope="workspace", name="city", value="Linz")
    found = brought(asker, ("all.json", bytes_of(workspace())), ("again.json", bytes_of(chain())))
    assert Variable.objects.get(name="city").value == "Linz"
    assert found.report["workspaces"][0]["kept"] == ["city"]


def test_one_bad_file_imports_none(asker):
    with pytest.raises(ApiError, match=r"'bad\.json' was not imported: it is not JSON"):
        services.preview(asker=asker, files=[("good.json", bytes_of(chain())), ("bad.json", b"{")])
    broken = workspace()
    broken["ChatFlow"][0]["flowData"] = "{"
    with pytest.raises(ApiError, match=r"'all\.json' was not imported: flow 'Greeter' holds no JSON"):
        services.preview(asker=asker, files=[("all.json", bytes_of(broken))])
    assert not Import.objects.exists() and not Flow.objects.exists()


def test_what_fails_while_it_is_made_leaves_nothing_behind(asker, monkeypatch):
    found = services.preview(asker=asker, files=[("all.json", bytes_of(workspace()))])

    def fails(**options):
        raise ApiError("conflict", "Something is in the way.", 409)

    monkeypatch.setattr(services.bringing, "remembered", fails)
    with pytest.raises(ApiError, match="in the way"):
        services.make(asker=asker, imported=found)
    found.refresh_from_db()
    assert found.status == Status.PREVIEW
    assert not Flow.objects.exists() and not KnowledgeBase.objects.exists() and not Variable.objects.exists()


def test_our_own_files_and_zip_files_come_in_by_the_same_door(asker, api_client, owner):
    client = api_client(owner)
    made = client.post(
        "/api/flows", {"name": "Ours", "template": "hello"}, content_type="application/json"
    ).json()
    ours = client.get(f"/api/flows/{made['id']}/file").content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/greeter.json", json.dumps(chain()))
        archive.writestr("b/ours.json", ours)
    found = brought(asker, ("all.zip", packed.getvalue()))
    assert [told["name"] for told in found.report["flows"]] == ["greeter", "Ours"]


def test_over_http(api_client, owner, stranger):
    client = api_client(owner)

    def send(*files, **fields):
        uploads = [SimpleUploadedFile(name, data) for name, data in files]
        return client.post("/api/imports", {"files": uploads, **fields})

    seen = send(("helper.json", bytes_of(agent_flow())), preview="true").json()
    assert (seen["status"], seen["placeholders"], Flow.objects.count()) == ("preview", 1, 0)
    done = client.post(f"/api/imports/{seen['id']}/completion")
    assert (done.status_code, done.json()["status"]) == (201, "made")
    assert client.post(f"/api/imports/{seen['id']}/completion").status_code == 409
    assert client.get(f"/api/imports/{seen['id']}").json()["report"]["flows"][0]["flow"]
    assert api_client(stranger).get(f"/api/imports/{seen['id']}").status_code == 404
    refused = send(("x.json", b"[]"))
    assert refused.status_code == 422 and "'x.json' was not imported" in refused.json()["error"]["message"]
    assert client.delete(f"/api/imports/{seen['id']}").status_code == 204 and Flow.objects.count() == 1


def test_by_the_command(asker, tmp_path, capsys):
    (tmp_path / "helper.json").write_bytes(bytes_of(agent_flow()))
    call_command("import_flowise", str(tmp_path / "helper.json"), preview=True)
    assert (
        "placeholder: Sum (customFunctionAgentflow)" in capsys.readouterr().out and not Flow.objects.exists()
    )
    call_command("import_flowise", str(tmp_path / "helper.json"))
    assert Flow.objects.get().name == "helper"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_flowise", str(tmp_path / "none.json"))
