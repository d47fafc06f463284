"""A version goes to a repository of the hub: asked for by a person who confirms it, done by a worker."""

from __future__ import annotations

import io
import logging
import os
import re
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.modelhub import hub
from flowbuilder.modelhub.adding import wake_worker
from flowbuilder.modelhub.exporting import contents, named_outside
from flowbuilder.modelhub.models import HubUpload, ModelVersion, UploadStatus
from flowbuilder.modelhub.transfer import (
    LONG_LEASE,
    Cancelled,
    Progress,
    TakenOver,
    beating,
    release_abandoned,
    take,
)

log = logging.getLogger(__name__)
UPLOAD = "flowbuilder.modelhub.tasks.upload"
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
WAKE_AGAIN = timedelta(seconds=5)
OPEN = (UploadStatus.QUEUED, UploadStatus.RUNNING)


def request_upload(
    *, version: ModelVersion, repository: str, private: bool, confirm: bool, asker: Asker
) -> HubUpload:
    """Accept it. Bytes leave this machine, so the person has to say that they mean it."""
    if not REPOSITORY.fullmatch(repository):
        raise ApiError("invalid", f"'{repository}' is not a repository: write it as 'owner/name'.", 422)
    size = sum(file["size"] for file in version.files or [])
    if not confirm:
        message = (
            f"{size:,} bytes of '{version.ref}' would leave this machine for '{repository}': confirm it."
        )
        raise ApiError("invalid", message, 422)
    _, texts = contents(asker, version)
    with transaction.atomic():
        ModelVersion.objects.select_for_update().get(pk=version.pk)
        if HubUpload.objects.filter(version=version, repository=repository, status__in=OPEN).exists():
            raise ApiError("conflict", f"'{version.ref}' is on its way to '{repository}' already.", 409)
        upload = HubUpload.objects.create(
            workspace=version.workspace,
            version=version,
            repository=repository,
            private=private,
            texts=texts,
            person=asker.user,
        )
        details = {"repository": repository, "private": private, "bytes": size}
        record(asker=asker, action="hub.upload", subject=version.ref, details=details)
        transaction.on_commit(lambda: wake_worker(upload, UPLOAD))
    return upload


def cancel_upload(upload: HubUpload) -> None:
    """At once while no worker has it; else its worker stops within seconds, before the commit that would show it."""
    HubUpload.objects.filter(pk=upload.pk, status__in=OPEN).update(cancel_requested=True)
    queued = HubUpload.objects.filter(pk=upload.pk, status=UploadStatus.QUEUED)
    queued.update(status=UploadStatus.CANCELLED)


def upload(upload_id: str) -> None:
    """A worker's part."""
    waiting = HubUpload.objects.filter(status__in=OPEN).select_related("version__model")
    found = take(waiting, uuid.UUID(upload_id), give_up)
    if found is None:
        return
    write(found, status=UploadStatus.RUNNING)
    try:
        with beating(found):
            commit = send(found)
        write(found, status=UploadStatus.FINISHED, commit=commit)
    except hub.HubFailure as error:
        write(found, status=UploadStatus.FAILED, error=str(error))
    except Cancelled:
        write(found, status=UploadStatus.CANCELLED)
    except TakenOver:
        log.warning("upload %s was taken over by another worker", found.pk)


def sweep() -> None:
    """Wake a worker again for what none holds."""
    release_abandoned(HubUpload.objects.filter(status=UploadStatus.RUNNING))
    before = timezone.now() - WAKE_AGAIN
    for waiting in HubUpload.objects.filter(status__in=OPEN, lease_until__lt=before)[:100]:
        HubUpload.objects.filter(pk=waiting.pk, lease_until=waiting.lease_until).update(
            lease_until=timezone.now()
        )
        wake_worker(waiting, UPLOAD)


def give_up(waiting: Any, attempts: int) -> None:
    waiting.update(
        status=UploadStatus.FAILED, error=f"It ended the worker {attempts} times; it was given up."
    )


def write(upload: HubUpload, **fields: Any) -> None:
    HubUpload.objects.filter(pk=upload.pk, attempts=upload.attempts).update(**fields)


def send(upload: HubUpload) -> str:
    """The weights one after the other, then one commit that shows them all; its address comes back."""
    token = os.environ.get("HF_TOKEN", "")
    if not token:
        raise hub.HubFailure("The hub takes uploads with a token only: set HF_TOKEN where the workers start.")
    from huggingface_hub import CommitOperationAdd

    files = files_of(upload)
    texts = {name: text.encode() for name, text in upload.texts.items()}
    sizes = {name: path.stat().st_size for name, path in files.items()}
    sizes |= {name: len(text) for name, text in texts.items()}
    with hub.said_plainly(upload.repository), ExitStack() as opened:
        client = hub.client(token)
        must_be_as_private(client, upload)
        progress = Progress(upload, sizes)
        operations = []
        for name, path in files.items():
            progress.tell(LONG_LEASE)  # its hash is worked out first
            file = opened.enter_context(Watched(path))
            operations.append(CommitOperationAdd(name, file))
            file.report = partial(progress.at, name)
            client.preupload_lfs_files(upload.repository, operations[-1:], free_memory=False)
            progress.finished(name)
        operations += [CommitOperationAdd(name, text) for name, text in texts.items()]
        progress.tell(LONG_LEASE)
        message = f"{upload.version.ref} from Flowbuilder"
        commit = client.create_commit(upload.repository, operations, commit_message=message)
        for name in sizes:
            progress.finished(name)
    return str(commit.commit_url)


def files_of(upload: HubUpload) -> dict[str, Path]:
    """By their names outside."""
    names, _ = named_outside(upload.version)
    return {outside: upload.version.folder / name for outside, name in names.items()}


def must_be_as_private(client: Any, upload: HubUpload) -> None:
    """A repository that is there already may be open to everybody: nothing goes there that was meant to be private."""
    client.create_repo(upload.repository, private=upload.private, exist_ok=True)
    if upload.private and not client.model_info(upload.repository).private:
        raise hub.HubFailure(
            f"'{upload.repository}' is public. Choose another repository, or say that it is to be public."
        )


class Watched(io.BufferedReader):
    """A file that tells how far it was read."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self.report: Callable[[int], None] = lambda done: None

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.report(self.tell())
        return data
