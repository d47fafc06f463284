"""Adding models: from the shelf, and from a hub that speaks the hub's own HTTP API."""

import hashlib
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flowbuilder.modelhub import registry
from flowbuilder.modelhub.importing import import_version
from flowbuilder.modelhub.models import ModelVersion

pytestmark = pytest.mark.django_db
COMMIT = "a" * 40


class Hub(BaseHTTPRequestHandler):
    """The part of the hub's API that a download uses; serves the folders below ``root``."""

    root: Path
    asked: list[str]

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        self.asked.append(self.path)
        path = self.path.split("?")[0].strip("/")
        if path.startswith("api/models/"):
            owner, name = path.split("/")[2:4]
            folder = self.root / owner / name
            if not folder.is_dir():
                self.send(404, b"{}", {"X-Error-Code": "RepoNotFound"}, body)
                return
            names = sorted(folder.iterdir())
            if "/tree/" in path:
                listing = [
                    {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": file.name}
                    for file in names
                ]
            else:
                siblings = [{"rfilename": file.name} for file in names]
                listing = {"id": f"{owner}/{name}", "sha": COMMIT, "siblings": siblings, "private": False}
            self.send(200, json.dumps(listing).encode(), {"Content-Type": "application/json"}, body)
            return
        owner, name, _, _, file = path.split("/", 4)
        data = (self.root / owner / name / file).read_bytes()
        etag = f'"{hashlib.sha256(data).hexdigest()}"'
        self.send(200, data, {"ETag": etag, "X-Repo-Commit": COMMIT}, body)

    def send(self, status: int, data: bytes, headers: dict[str, str], body: bool) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub(tmp_path, settings, monkeypatch, model_folder):
    Hub.root, Hub.asked = tmp_path / "hub", []
    folder = shutil.copytree(model_folder("gpt2"), Hub.root / "acme" / "tiny")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle")
    (folder / "modeling_evil.py").write_text("raise SystemExit")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.FLOWBUILDER_HUB = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    yield Hub
    server.shutdown()


def added(asker, source: str, location: str) -> ModelVersion:
    version = registry.add_model(asker=asker, name="mine", source=source, location=location)
    import_version(str(version.pk))
    version.refresh_from_db()
    return version


def test_a_hub_model_is_fetched_checked_and_usable(asker, hub):
    version = added(asker, "hub", "acme/tiny")
    assert (version.status, version.error, version.kind) == ("ready", "", "causal")
    assert registry.resolve(asker.workspace.pk, "mine").pk == version.pk
    kept = {path.name for path in version.folder.iterdir()}
    assert "model.safetensors" in kept and not {name for name in kept if name.endswith((".bin", ".py"))}
    assert not [path for path in hub.asked if path.endswith((".bin", ".py"))]


def test_a_hub_model_that_is_not_there_says_so(asker, hub):
    version = added(asker, "hub", "acme/nope")
    assert version.status == "failed" and "The hub has no model 'acme/nope'" in version.error
    assert not version.folder.exists()


def test_a_hub_out_of_reach_says_what_works(asker, settings, monkeypatch):
    settings.FLOWBUILDER_HUB = "http://127.0.0.1:9"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    assert "A folder works without it" in added(asker, "hub", "acme/tiny").error


def test_a_folder_of_the_shelf(asker, settings, model_folder, tmp_path):
    settings.FLOWBUILDER_MODEL_FOLDER = str(tmp_path)
    shutil.copytree(model_folder("t5"), tmp_path / "my-t5")
    version = added(asker, "folder", "my-t5")
    assert (version.status, version.kind) == ("ready", "seq2seq")


@pytest.mark.parametrize("name", ["../outside", "/etc", "nope", ".", ""])
def test_nothing_outside_the_shelf_is_read(asker, settings, tmp_path, name):
    (tmp_path / "outside").mkdir()
    (tmp_path / "shelf" / "inside").mkdir(parents=True)
    settings.FLOWBUILDER_MODEL_FOLDER = str(tmp_path / "shelf")
    version = added(asker, "folder", name)
    assert version.status == "failed" and "There is: inside." in version.error


def test_an_import_that_kills_its_workers_is_given_up(asker, settings, tmp_path):
    version = registry.add_model(asker=asker, name="mine", source="folder", location="x")
    ModelVersion.objects.filter(pk=version.pk).update(attempts=3)
    import_version(str(version.pk))
    version.refresh_from_db()
    assert version.status == "failed" and "3 times" in version.error


def test_a_version_that_is_ready_is_not_fetched_again(asker, settings, model_folder, tmp_path):
    settings.FLOWBUILDER_MODEL_FOLDER = str(tmp_path)
    shutil.copytree(model_folder("gpt2"), tmp_path / "mine")
    version = added(asker, "folder", "mine")
    shutil.rmtree(tmp_path / "mine")
    import_version(str(version.pk))
    version.refresh_from_db()
    assert version.status == "ready"
