"""Models from outside: asked for, woken up for, cancelled, tried again, finished. ``importing`` is a worker's part."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.celery import app
from flowbuilder.modelhub import aliases
from flowbuilder.modelhub.files import listed
from flowbuilder.modelhub.folder import Description
from flowbuilder.modelhub.models import Model, ModelVersion, Transfer, VersionStatus
from flowbuilder.modelhub.registry import NAME, STARTER_NAME, next_number
from flowbuilder.modelhub.transfer import release_abandoned

log = logging.getLogger(__name__)
IMPORT = "flowbuilder.modelhub.tasks.import_version"
HASH = "flowbuilder.modelhub.tasks.read_files"
READING = timedelta(minutes=30)
WAKE_AGAIN = timedelta(seconds=5)
CANCELLED = "It was cancelled. Try again, and it goes on with what is fetched."


def add_model(*, asker: Asker, name: str, source: str, location: str, revision: str = "") -> ModelVersion:
    """Accept a model from a folder or the hub; a worker fetches and checks it."""
    if not NAME.fullmatch(name):
        raise ApiError(
            "invalid", f"'{name}' cannot name a model: use small letters, digits, '.', '_' and '-'.", 422
        )
    if name == STARTER_NAME:
        raise ApiError(
            "conflict", "'starter' is the model that came with Flowbuilder; choose another name.", 409
        )
    location = f"{location}@{revision}" if revision else location
    with transaction.atomic():
        model, _ = Model.objects.get_or_create(workspace=asker.workspace, name=name)
        version = ModelVersion.objects.create(
            workspace=asker.workspace,
            model=model,
            number=next_number(model),
            source=source,
            location=location,
            status=VersionStatus.IMPORTING,
        )
        record(
            asker=asker,
            action="model.added",
            subject=version.ref,
            details={"source": source, "location": location},
        )
        transaction.on_commit(lambda: wake_worker(version))
    return version


def finish_import(version: ModelVersion, described: Description) -> None:
    """The files are in place and sound: from now on the version can be used."""
    version.kind, version.parameters, version.size = described.kind, described.parameters, described.size
    version.status, version.error, version.files = VersionStatus.READY, "", listed(version.folder)
    with transaction.atomic():
        version.save(update_fields=["kind", "parameters", "size", "status", "error", "files"])
        aliases.first(version)


def cancel_import(version: ModelVersion) -> None:
    """Its worker stops within seconds; what was fetched stays for a resumption."""
    if version.status != VersionStatus.IMPORTING:
        raise ApiError("conflict", f"'{version.ref}' is not being added; there is nothing to cancel.", 409)
    going_on = ModelVersion.objects.filter(pk=version.pk, status=VersionStatus.IMPORTING)
    going_on.update(cancel_requested=True)
    going_on.filter(attempts=0).update(status=VersionStatus.FAILED, error=CANCELLED)


def resume_import(version: ModelVersion) -> None:
    """Try again; of a download, what was fetched is not fetched again."""
    if version.status != VersionStatus.FAILED:
        message = f"Only what failed can be tried again; '{version.ref}' is {version.status}."
        raise ApiError("conflict", message, 409)
    again = {"error": "", "attempts": 0, "cancel_requested": False, "lease_until": timezone.now()}
    failed = ModelVersion.objects.filter(pk=version.pk, status=VersionStatus.FAILED)
    failed.update(status=VersionStatus.IMPORTING, **again)
    wake_worker(version)


def wake_worker(row: Transfer, task: str = IMPORT) -> None:
    try:
        app.send_task(task, [str(row.pk)], queue="gpu", retry=False)
    except Exception as error:
        log.warning("%s is accepted, but no worker could be woken: %s", row.pk, error)


def sweep() -> None:
    """Wake a worker again for what none holds, and for files of which nobody has read the hashes."""
    release_abandoned(ModelVersion.objects.filter(status=VersionStatus.IMPORTING))
    before = timezone.now() - WAKE_AGAIN
    waiting = ModelVersion.objects.filter(status=VersionStatus.IMPORTING, lease_until__lt=before)
    for version in waiting[:100]:
        ModelVersion.objects.filter(pk=version.pk).update(lease_until=timezone.now())
        wake_worker(version)
    unread = ModelVersion.objects.filter(
        status=VersionStatus.READY, files__isnull=True, lease_until__lt=before
    )
    for version in unread[:10]:
        ModelVersion.objects.filter(pk=version.pk).update(lease_until=timezone.now() + READING)
        wake_worker(version, HASH)


def read_files(version_id: str) -> None:
    """Hash the files of a version from before they were listed."""
    version = ModelVersion.objects.get(pk=version_id)
    ModelVersion.objects.filter(pk=version_id, files__isnull=True).update(files=listed(version.folder))
