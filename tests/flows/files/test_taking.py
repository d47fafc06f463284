"""Flows leave one workspace and come into another: over HTTP, on the page, by the commands."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from flowbuilder.flows.models import Flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(api_client, owner):
    made = {"name": "Greeting", "template": "hello"}
    return api_client(owner).post("/api/flows", made, content_type="application/json").json()


def file_of(client, flow) -> bytes:
    return client.get(f"/api/flows/{flow['id']}/file").content


def send(client, *files, **fields):
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post("/api/flow-files", {"files": uploads, **fields})


def test_a_flow_goes_to_another_workspace(api_client, owner, stranger, flow):
    text = file_of(api_client(owner), flow)
    theirs = api_client(stranger)
    (row,) = send(theirs, ("greeting.json", text)).json()
    assert (row["done"], row["flow"]["slug"], row["problems"]) == ("made", "greeting", [])
    assert file_of(theirs, row["flow"]) == text


def test_a_zip_of_all_comes_back_unchanged_or_as_copies(api_client, owner, flow):
    client = api_client(owner)
    client.post("/api/flows", {"name": "提示", "template": "hello"}, content_type="application/json")
    data = client.get("/api/flow-files").content
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names[:2] == ["flows/flow.json", "flows/flow.layout.json"] and len(names) == 4
    assert data == client.get("/api/flow-files").content
    replaced = send(client, ("all.zip", data), existing="replace").json()
    assert [row["done"] for row in replaced] == ["unchanged", "unchanged"]
    copies = send(client, ("all.zip", data)).json()
    assert [row["flow"]["slug"] for row in copies] == ["flow-2", "greeting-2"]


def test_a_file_replaces_a_draft_over_its_newest_revision(api_client, owner, flow):
    client = api_client(owner)
    changed = json.loads(file_of(client, flow))
    changed["nodes"][0]["label"] = "Changed"
    (row,) = send(client, ("f.json", json.dumps(changed).encode()), existing="replace").json()
    assert (row["done"], row["flow"]["id"], row["flow"]["revision"]) == ("replaced", flow["id"], 2)
    (kept,) = send(client, ("f.json", file_of(client, flow)), existing="keep").json()
    assert kept["done"] == "kept"


def test_one_bad_file_imports_none(api_client, owner, flow):
    client = api_client(owner)
    answer = send(client, ("good.json", file_of(client, flow)), ("bad.json", b"{}"))
    assert answer.status_code == 422 and "'bad.json'" in answer.json()["error"]["message"]
    assert send(client, ("bad.zip", b"PK")).status_code == 422
    assert send(client, ("empty.zip", b"PK\x05\x06" + bytes(18))).status_code == 422
    assert Flow.objects.count() == 1


def test_a_folder_is_exported_and_imported_by_commands(api_client, owner, flow, tmp_path):
    (tmp_path / "gone.json").write_text("{}")
    call_command("export_flows", str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"greeting.json", "greeting.layout.json"}
    Flow.objects.all().delete()
    call_command("import_flows", str(tmp_path))
    assert file_of(api_client(owner), {"id": Flow.objects.get().pk})
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(CommandError, match=r"bad\.json"):
        call_command("import_flows", str(tmp_path))


def test_a_command_says_which_workspaces_there_are(owner, stranger, tmp_path):
    with pytest.raises(CommandError, match="Say which workspace is meant"):
        call_command("export_flows", str(tmp_path))
    with pytest.raises(CommandError, match="No workspace is called 'x'"):
        call_command("export_flows", str(tmp_path), workspace="x")
