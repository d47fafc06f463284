"""Uploads: what a person confirmed, as private as they said, told as it goes, stopped when they want."""

import hashlib
import shutil

import pytest

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import AuditEvent
from flowbuilder.modelhub import uploading
from flowbuilder.modelhub.files import listed
from flowbuilder.modelhub.models import HubUpload, Model, ModelVersion
from flowbuilder.modelhub.transfer import Progress
from tests.modelhub.hub import TOKEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(workspace, model_folder, tmp_path, settings, monkeypatch):
    """A small GPT-2, and a token to send it with."""
    settings.HOME_DIR = tmp_path
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    model = Model.objects.create(workspace=workspace, name="tiny")
    version = ModelVersion(workspace=workspace, model=model, number=4, source="folder", location="tiny")
    version.folder.parent.mkdir(parents=True)
    shutil.copytree(model_folder("gpt2"), version.folder)
    (version.folder / "README.md").write_text("# Theirs")
    version.files = listed(version.folder)
    version.save(force_insert=True)
    return version


def asked_for(asker, version, **changed) -> HubUpload:
    wanted = {"repository": "acme/tiny-4", "private": True, "confirm": True, **changed}
    return uploading.request_upload(version=version, asker=asker, **wanted)


def sent(asker, version, **changed) -> HubUpload:
    upload = asked_for(asker, version, **changed)
    uploading.upload(str(upload.pk))
    upload.refresh_from_db()
    return upload


def test_every_file_arrives_with_the_card_in_one_commit(asker, hub, version):
    upload = sent(asker, version)
    assert (upload.status, upload.error) == ("finished", "") and upload.commit.startswith(hub.url)
    (commit,) = hub.commits
    arrived = {name: hashlib.sha256(data).hexdigest() for name, data in commit["files"].items()}
    for file in version.files:
        name = "ORIGINAL_README.md" if file["name"] == "README.md" else file["name"]
        assert arrived.pop(name) == file["sha256"]
    assert set(arrived) == {"README.md", "SHA256SUMS"} and commit["repository"] == "acme/tiny-4"
    assert "# tiny@4" in commit["files"]["README.md"].decode()
    assert hub.private["acme/tiny-4"] is True


def test_its_progress_is_told(asker, hub, version, monkeypatch):
    monkeypatch.setattr("flowbuilder.modelhub.transfer.TELL_SECONDS", 0)
    told = []
    original = Progress.at
    monkeypatch.setattr(Progress, "at", lambda self, *how: (told.append(how), original(self, *how)))
    upload = sent(asker, version)
    size = (version.folder / "model.safetensors").stat().st_size
    steps = [done for name, done in told if name == "model.safetensors"]
    assert len(steps) > 2 and steps == sorted(steps) and steps[-1] == size
    assert upload.bytes_done == upload.bytes_wanted > size


def test_nothing_leaves_before_it_is_confirmed(asker, hub, version):
    with pytest.raises(ApiError, match="would leave this machine for 'acme/tiny-4': confirm it"):
        asked_for(asker, version, confirm=False)
    assert not hub.asked and not HubUpload.objects.exists()


def test_what_was_meant_to_be_private_does_not_go_to_a_public_repository(asker, hub, version):
    hub.private["acme/tiny-4"] = False
    upload = sent(asker, version)
    assert upload.status == "failed" and "'acme/tiny-4' is public" in upload.error
    assert not hub.stored and not hub.commits
    assert sent(asker, version, private=False).status == "finished"


def test_who_sent_what_where_is_in_the_audit_log_and_the_token_nowhere(asker, hub, version):
    upload = sent(asker, version)
    event = AuditEvent.objects.get(action="hub.upload")
    assert event.subject == "tiny@4" and event.details["repository"] == "acme/tiny-4"
    assert event.details["private"] is True and event.details["bytes"] == sum(
        f["size"] for f in version.files
    )
    stored = f"{HubUpload.objects.values().get(pk=upload.pk)}{AuditEvent.objects.values().get(pk=event.pk)}"
    assert TOKEN not in stored


def test_without_a_token_it_says_where_one_belongs(asker, hub, version, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    upload = sent(asker, version)
    assert upload.status == "failed" and "set HF_TOKEN where the workers start" in upload.error
    assert not hub.asked


def test_a_token_that_may_not_write_is_named_without_being_told(asker, hub, version, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_another_one")
    upload = sent(asker, version)
    assert upload.status == "failed" and "refused the token (HF_TOKEN)" in upload.error
    assert "hf_another_one" not in upload.error and hub.url not in upload.error


def test_a_hub_out_of_reach_says_so(asker, version, settings, monkeypatch):
    settings.FLOWBUILDER_HUB = "http://127.0.0.1:9"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)
    upload = sent(asker, version)
    assert upload.status == "failed" and "could not be reached" in upload.error


def test_cancelled_in_the_middle_nothing_is_shown(asker, hub, version, monkeypatch):
    monkeypatch.setattr("flowbuilder.modelhub.transfer.TELL_SECONDS", 0)
    upload = asked_for(asker, version)
    original = Progress.at

    def at(self, name, done):
        if name == "model.safetensors" and done > 100_000:
            uploading.cancel_upload(upload)
        original(self, name, done)

    monkeypatch.setattr(Progress, "at", at)
    uploading.upload(str(upload.pk))
    upload.refresh_from_db()
    assert upload.status == "cancelled" and not hub.commits and not hub.stored


def test_before_a_worker_has_it_it_is_cancelled_at_once(asker, hub, version):
    upload = asked_for(asker, version)
    uploading.cancel_upload(upload)
    uploading.upload(str(upload.pk))
    upload.refresh_from_db()
    assert upload.status == "cancelled" and not hub.asked


def test_tried_again_the_hub_is_not_sent_what_it_has(asker, hub, version):
    sent(asker, version)
    before = len(hub.asked)
    assert sent(asker, version).status == "finished"
    assert not [path for path in hub.asked[before:] if path.startswith("PUT")]


def test_the_same_twice_at_once_is_refused(asker, hub, version):
    asked_for(asker, version)
    with pytest.raises(ApiError, match="on its way to 'acme/tiny-4' already"):
        asked_for(asker, version)


@pytest.mark.parametrize("name", ["", "tiny", "a/b/c", "../x", "acme/", "a b/c", "https://x/y", "acme/x?y"])
def test_a_repository_is_owner_and_name(asker, version, name):
    with pytest.raises(ApiError, match="write it as 'owner/name'"):
        asked_for(asker, version, repository=name)


def test_one_that_ends_its_workers_is_given_up(asker, hub, version):
    upload = asked_for(asker, version)
    HubUpload.objects.filter(pk=upload.pk).update(attempts=3)
    uploading.upload(str(upload.pk))
    upload.refresh_from_db()
    assert upload.status == "failed" and "3 times" in upload.error


def test_the_sweep_wakes_a_worker_for_what_none_holds(asker, hub, version, monkeypatch):
    upload = asked_for(asker, version)
    HubUpload.objects.filter(pk=upload.pk).update(
        status="running", lease_until=upload.lease_until - 2 * uploading.WAKE_AGAIN
    )
    woken = []
    monkeypatch.setattr(uploading, "wake_worker", lambda row, task: woken.append((row.pk, task)))
    uploading.sweep()
    uploading.sweep()
    assert woken == [(upload.pk, uploading.UPLOAD)]
