"""Fetches and checks a model that was added; runs in a worker, once at a time a version."""

from __future__ import annotations

import logging
import shutil
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from flowbuilder.modelhub.folder import WANTED, UnusableFolder, describe
from flowbuilder.modelhub.models import ModelVersion, Source, VersionStatus
from flowbuilder.modelhub.registry import finish_import

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=30)
MAX_ATTEMPTS = 3


def import_version(version_id: str) -> None:
    version = take_lease(uuid.UUID(version_id))
    if version is None:
        return
    unfinished = version.folder.with_name(f".{version.pk}-importing")
    try:
        fetch(version, unfinished)
        described = describe(unfinished)
        shutil.rmtree(version.folder, ignore_errors=True)
        unfinished.rename(version.folder)
        finish_import(version, described)
    except UnusableFolder as error:
        version.status, version.error = VersionStatus.FAILED, str(error)
        version.save(update_fields=["status", "error"])
        shutil.rmtree(unfinished, ignore_errors=True)


def take_lease(version_id: uuid.UUID) -> ModelVersion | None:
    """The version when nobody works on it; one that killed its workers is given up."""
    now = timezone.now()
    free = ModelVersion.objects.filter(pk=version_id, status=VersionStatus.IMPORTING, lease_until__lte=now)
    version = free.select_related("model").first()
    if version is None:
        return None
    if version.attempts >= MAX_ATTEMPTS:
        reason = f"Its import ended the worker {version.attempts} times; it was given up."
        free.update(status=VersionStatus.FAILED, error=reason)
        return None
    taken = free.filter(attempts=version.attempts).update(
        lease_until=now + LEASE, attempts=version.attempts + 1
    )
    return version if taken else None


def fetch(version: ModelVersion, into: Path) -> None:
    shutil.rmtree(into, ignore_errors=True)
    if version.source == Source.FOLDER:
        copy_folder(version.location, into)
    else:
        download(version.location, into)


def copy_folder(name: str, into: Path) -> None:
    """From below the one folder that the administrator opened for it: a request never names a path."""
    shelf = Path(settings.FLOWBUILDER_MODEL_FOLDER).resolve()
    folder = (shelf / name).resolve()
    if shelf not in folder.parents or not folder.is_dir():
        there = (
            ", ".join(sorted(path.name for path in shelf.glob("*") if path.is_dir())[:20]) or "nothing yet"
        )
        raise UnusableFolder(
            f"There is no folder '{name}' on the model shelf (FLOWBUILDER_MODEL_FOLDER). There is: {there}."
        )
    into.mkdir(parents=True)
    for pattern in WANTED:
        for path in folder.glob(pattern):
            shutil.copyfile(path, into / path.name)


def download(location: str, into: Path) -> None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    repository, _, revision = location.partition("@")
    try:
        snapshot_download(
            repository,
            revision=revision or None,
            local_dir=into,
            allow_patterns=list(WANTED),
            max_workers=4,
            endpoint=settings.FLOWBUILDER_HUB,
        )
    except GatedRepoError as error:
        raise UnusableFolder(f"'{repository}' is gated: accept its terms and set HF_TOKEN.") from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise UnusableFolder(f"The hub has no model '{repository}' (or it is private).") from error
    except RevisionNotFoundError as error:
        raise UnusableFolder(f"'{repository}' has no revision '{revision}'.") from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        log.warning("download of %s failed: %s", repository, error)
        raise UnusableFolder(
            "The hub could not be reached. Is this machine offline (HF_HUB_OFFLINE)? A folder works without it."
        ) from error
    shutil.rmtree(into / ".cache", ignore_errors=True)
