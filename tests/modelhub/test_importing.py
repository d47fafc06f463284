"""Adding models: from the shelf, and from a hub that speaks the hub's own HTTP API."""

import shutil

import pytest
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.modelhub import adding, registry
from flowbuilder.modelhub.folder import UnusableFolder
from flowbuilder.modelhub.importing import import_version
from flowbuilder.modelhub.models import ModelVersion
from flowbuilder.modelhub.transfer import Progress

pytestmark = pytest.mark.django_db


def added(asker, source: str, location: str) -> ModelVersion:
    version = adding.add_model(asker=asker, name="mine", source=source, location=location)
    import_version(str(version.pk))
    version.refresh_from_db()
    return version


def test_a_hub_model_is_fetched_checked_and_usable(asker, hub):
    version = added(asker, "hub", "acme/tiny")
    assert (version.status, version.error, version.kind) == ("ready", "", "causal")
    assert registry.resolve(asker.workspace.pk, "mine").pk == version.pk
    kept = {path.name for path in version.folder.iterdir()}
    assert "model.safetensors" in kept and not {name for name in kept if name.endswith((".bin", ".py"))}
    assert "README.md" in kept and "onnx" not in kept and ".cache" not in kept
    assert not [path for path in hub.asked if path.endswith((".bin", ".py")) or "onnx" in path]


def test_its_progress_is_told_file_by_file(asker, hub, monkeypatch):
    monkeypatch.setattr("flowbuilder.modelhub.transfer.TELL_SECONDS", 0)
    seen = []
    hub.on_body = lambda name: seen.append(name)
    version = added(asker, "hub", "acme/tiny")
    told = {file["name"]: (file["done"], file["size"]) for file in version.progress}
    sizes = {file["name"]: file["size"] for file in version.files}
    assert told == {name: (size, size) for name, size in sizes.items()} and set(seen) == set(told)
    assert version.bytes_done == version.bytes_wanted == version.size


def test_a_download_that_breaks_off_goes_on_where_it_was(asker, hub):
    hub.break_off_after = 20_000
    version = added(asker, "hub", "acme/tiny")
    assert version.status == "ready"
    assert hub.ranges == ["model.safetensors bytes=20000-"]


def stopped(asker, hub, monkeypatch) -> ModelVersion:
    """A download that was cancelled when its weights began to come."""
    monkeypatch.setattr("flowbuilder.modelhub.transfer.TELL_SECONDS", 0)
    version = adding.add_model(asker=asker, name="mine", source="hub", location="acme/tiny")
    original = Progress.at

    def at(self, name, done):
        if name == "model.safetensors" and done > 50_000:
            adding.cancel_import(version)
        original(self, name, done)

    with monkeypatch.context() as patched:
        patched.setattr(Progress, "at", at)
        import_version(str(version.pk))
    version.refresh_from_db()
    return version


def test_cancelled_it_stops_and_keeps_what_it_has(asker, hub, monkeypatch):
    version = stopped(asker, hub, monkeypatch)
    assert version.status == "failed" and "It was cancelled" in version.error
    assert [path.name for path in version.unfinished_folder.rglob("config.json")]
    before = len(hub.asked)
    adding.resume_import(version)
    import_version(str(version.pk))
    version.refresh_from_db()
    assert version.status == "ready" and not version.unfinished_folder.exists()
    assert [asked.split("=")[0] for asked in hub.ranges] == ["model.safetensors bytes"]
    got = {path.rsplit("/", 1)[1] for path in hub.asked[before:] if path.startswith("GET /acme")}
    assert got == {"model.safetensors", "tokenizer.json", "tokenizer_config.json"}


def test_bytes_that_are_not_those_of_the_hub_are_not_taken(asker, hub, monkeypatch):
    version = stopped(asker, hub, monkeypatch)
    (part,) = version.unfinished_folder.rglob("model.safetensors.part")
    part.write_bytes(b"x" * part.stat().st_size)
    adding.resume_import(version)
    import_version(str(version.pk))
    version.refresh_from_db()
    assert version.status == "failed" and "other bytes than the hub tells of" in version.error
    adding.resume_import(version)
    import_version(str(version.pk))
    version.refresh_from_db()
    assert version.status == "ready"


def test_deleted_it_leaves_nothing(asker, hub, monkeypatch):
    version = stopped(asker, hub, monkeypatch)
    registry.delete_version(version, asker=asker)
    assert not version.unfinished_folder.exists()


def test_only_what_goes_on_is_cancelled_and_only_what_failed_is_tried_again(asker, hub):
    version = added(asker, "hub", "acme/tiny")
    with pytest.raises(ApiError, match="nothing to cancel"):
        adding.cancel_import(version)
    with pytest.raises(ApiError, match="is ready"):
        adding.resume_import(version)


def test_before_a_worker_has_it_it_is_cancelled_at_once(asker, hub):
    version = adding.add_model(asker=asker, name="mine", source="hub", location="acme/tiny")
    adding.cancel_import(version)
    version.refresh_from_db()
    assert version.status == "failed"
    import_version(str(version.pk))
    assert not hub.asked


def test_a_worker_that_lost_its_hold_writes_nothing(asker, hub, monkeypatch):
    version = adding.add_model(asker=asker, name="mine", source="hub", location="acme/tiny")
    monkeypatch.setattr("flowbuilder.modelhub.transfer.TELL_SECONDS", 0)

    def taken(folder):
        ModelVersion.objects.filter(pk=version.pk).update(attempts=2, lease_until=timezone.now())
        raise UnusableFolder("It is damaged.")

    monkeypatch.setattr("flowbuilder.modelhub.importing.describe", taken)
    import_version(str(version.pk))
    version.refresh_from_db()
    assert (version.status, version.error) == ("importing", "")


def test_what_does_not_fit_on_the_disk_is_not_begun(asker, hub, monkeypatch):
    usage = type("Usage", (), {"free": 10_000})
    monkeypatch.setattr("flowbuilder.modelhub.importing.shutil.disk_usage", lambda path: usage)
    version = added(asker, "hub", "acme/tiny")
    assert version.status == "failed" and "GB left" in version.error
    assert not [path for path in hub.asked if "/resolve/" in path]


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
    version = adding.add_model(asker=asker, name="mine", source="folder", location="x")
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
