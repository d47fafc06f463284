"""Fetches and checks a model that was added; runs in a worker, once at a time a version."""

from __future__ import annotations

import fnmatch
import logging
import shutil
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings

from flowbuilder.modelhub import hub
from flowbuilder.modelhub.adding import CANCELLED, finish_import
from flowbuilder.modelhub.folder import WANTED, UnusableFolder, describe, refuse_adapters
from flowbuilder.modelhub.models import ModelVersion, Source, VersionStatus
from flowbuilder.modelhub.transfer import LONG_LEASE, Cancelled, Progress, TakenOver, beating, hold, take

log = logging.getLogger(__name__)
SPARE = 256 * 2**20
"""Bytes of the disk that a download leaves to others."""


def import_version(version_id: str) -> None:
    importing = ModelVersion.objects.filter(status=VersionStatus.IMPORTING).select_related("model")
    version = take(importing, uuid.UUID(version_id), give_up)
    if version is None:
        return
    try:
        with beating(version):
            fetch(version, version.unfinished_folder)
            hold(version, LONG_LEASE)
            described = describe(version.unfinished_folder)
            shutil.rmtree(version.folder, ignore_errors=True)
            version.unfinished_folder.rename(version.folder)
            finish_import(version, described)
    except Cancelled:
        fail(version, CANCELLED)
    except hub.HubFailure as error:
        fail(version, str(error))  # what was fetched stays, to go on from
    except UnusableFolder as error:
        fail(version, str(error))
        shutil.rmtree(version.unfinished_folder, ignore_errors=True)
    except TakenOver:
        log.warning("model %s was taken over by another worker", version.pk)


def give_up(importing: Any, attempts: int) -> None:
    reason = f"Its import ended the worker {attempts} times; it was given up."
    importing.update(status=VersionStatus.FAILED, error=reason)


def fail(version: ModelVersion, error: str) -> None:
    held = ModelVersion.objects.filter(pk=version.pk, attempts=version.attempts)
    held.update(status=VersionStatus.FAILED, error=error)


def fetch(version: ModelVersion, into: Path) -> None:
    if version.source == Source.FOLDER:
        shutil.rmtree(into, ignore_errors=True)
        copy_folder(version, into)
    else:
        download(version, into)


def copy_folder(version: ModelVersion, into: Path) -> None:
    """From below the one folder that the administrator opened for it: a request never names a path."""
    name, shelf = version.location, Path(settings.FLOWBUILDER_MODEL_FOLDER).resolve()
    folder = (shelf / name).resolve()
    if shelf not in folder.parents or not folder.is_dir():
        there = (
            ", ".join(sorted(path.name for path in shelf.glob("*") if path.is_dir())[:20]) or "nothing yet"
        )
        raise UnusableFolder(
            f"There is no folder '{name}' on the model shelf (FLOWBUILDER_MODEL_FOLDER). There is: {there}."
        )
    refuse_adapters(str(path.relative_to(folder)) for path in folder.rglob("*"))
    into.mkdir(parents=True)
    files = {path.name: path for path in sorted(folder.iterdir()) if path.is_file() and wanted(path.name)}
    progress = Progress(version, {name: path.stat().st_size for name, path in files.items()})
    for name, path in files.items():
        progress.tell(LONG_LEASE)
        shutil.copyfile(path, into / name)
        progress.finished(name)


def download(version: ModelVersion, into: Path) -> None:
    """File by file, each at the same commit. What was fetched before, by any worker, is not fetched again."""
    repository, _, revision = version.location.partition("@")
    with hub.said_plainly(repository, revision):
        info = hub.client().model_info(repository, revision=revision or None, files_metadata=True)
        refuse_adapters(file.rfilename for file in info.siblings or [])
        files = {file.rfilename: file.size or 0 for file in info.siblings or [] if wanted(file.rfilename)}
        must_fit(sum(files.values()), into)
        parts = into / f".{info.sha}"  # of another commit nothing can be used
        parts.mkdir(exist_ok=True)
        progress = Progress(version, files)
        for name in files:
            if not (parts / name).is_file():
                hub.fetch(repository, name, str(info.sha), parts / f"{name}.part", progress.bar(name))
                (parts / f"{name}.part").rename(parts / name)
            progress.finished(name)
        progress.tell()
    for name in files:
        (parts / name).rename(into / name)
    for left in into.glob(".*"):
        shutil.rmtree(left)


def wanted(name: str) -> bool:
    return "/" not in name and any(fnmatch.fnmatchcase(name, pattern) for pattern in WANTED)


def must_fit(size: int, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    already = sum(path.stat().st_size for path in into.rglob("*") if path.is_file())
    free = shutil.disk_usage(into).free
    if size - already > free - SPARE:
        raise UnusableFolder(
            f"It has {size / 1e9:.1f} GB, and the disk of FLOWBUILDER_HOME has {free / 1e9:.1f} GB left. "
            "Delete versions that nobody uses, or move FLOWBUILDER_HOME to a larger disk."
        )
