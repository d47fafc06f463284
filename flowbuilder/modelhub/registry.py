"""What is done to models: found by reference, added, promoted, removed."""

from __future__ import annotations

import logging
import re
import shutil
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.celery import app
from flowbuilder.modelhub import aliases
from flowbuilder.modelhub.files import listed
from flowbuilder.modelhub.folder import Description, describe
from flowbuilder.modelhub.models import (
    PRODUCTION,
    Alias,
    Kind,
    Model,
    ModelVersion,
    Source,
    Transfer,
    VersionStatus,
)
from flowbuilder.modelhub.starter_folder import STARTER
from nodes.base import NodeError

log = logging.getLogger(__name__)
IMPORT = "flowbuilder.modelhub.tasks.import_version"
HASH = "flowbuilder.modelhub.tasks.read_files"
READING = timedelta(minutes=30)
STARTER_NAME = "starter"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
LONGEST_ALIAS = 40
SHORTEST_REASON = 10
CANCELLED = "It was cancelled. Try again, and it goes on with what is fetched."
REFERENCE = re.compile(r"(?P<name>[^@:]+)(?:@(?P<number>\d{1,9})|:(?P<alias>[^@:]+))?")

refusals_of: Callable[[ModelVersion], list[str]] | None = None
"""Why a version may not be promoted, a sentence each. Set by the evaluation app, which stands above this layer."""


def ensure_starter(workspace_id: uuid.UUID) -> Model:
    """The shipped model as version 1 of ``starter``, which every workspace has from its first day."""
    with transaction.atomic():
        model, created = Model.objects.get_or_create(workspace_id=workspace_id, name=STARTER_NAME)
        if created:
            _first_version(model, source=Source.SHIPPED, described=describe(STARTER))
    return model


def resolve(workspace_id: uuid.UUID, ref: str, *, kinds: tuple[str, ...] = ()) -> ModelVersion:
    """The version that a setting names; ``NodeError`` says what there is, or which kind is needed."""
    version = _find(workspace_id, ref.strip())
    if version is None or version.status != VersionStatus.READY:
        raise NodeError(_missing(workspace_id, ref, version))
    if kinds and version.kind not in kinds:
        raise NodeError(
            f"'{version.ref}' is a {version.kind} model; here a {' or '.join(kinds)} model is needed."
        )
    return version


def _find(workspace_id: uuid.UUID, ref: str) -> ModelVersion | None:
    parsed = REFERENCE.fullmatch(ref)
    if parsed is None:
        return None
    versions = ModelVersion.objects.filter(
        workspace_id=workspace_id, model__name=parsed["name"]
    ).select_related("model")
    if parsed["number"]:
        return versions.filter(number=int(parsed["number"])).first()
    return versions.filter(aliases__name=parsed["alias"] or PRODUCTION).first()


def named_by_alias(ref: str) -> tuple[str, str] | None:
    """Model and alias of a reference that follows an alias; None for one with a number, which never moves."""
    parsed = REFERENCE.fullmatch(ref.strip())
    return None if parsed is None or parsed["number"] else (parsed["name"], parsed["alias"] or PRODUCTION)


def _missing(workspace_id: uuid.UUID, ref: str, version: ModelVersion | None) -> str:
    if version is not None and version.status == VersionStatus.IMPORTING:
        return f"Model '{version.ref}' is still being added; try again when the models page says ready."
    if version is not None:
        return f"Model '{version.ref}' could not be added: {version.error}"
    ready = ModelVersion.objects.filter(workspace_id=workspace_id, status=VersionStatus.READY)
    names = ", ".join(found.ref for found in ready.select_related("model")[:20])
    return f"There is no model '{ref}' in this workspace. There is: {names}."


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
            number=_next_number(model),
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


def register_trained(
    *,
    workspace_id: uuid.UUID,
    parent: ModelVersion | None,
    folder: Path,
    kind: str,
    name: str,
    job: str,
    metrics: dict[str, Any],
) -> ModelVersion:
    """Take a finished training folder in as the next version of ``name``; once for each job."""
    known = ModelVersion.objects.filter(workspace_id=workspace_id, source=Source.JOB, location=job).first()
    if known is not None:
        return known
    described = describe(folder)
    version = ModelVersion(
        workspace_id=workspace_id,
        kind=kind,
        source=Source.JOB,
        location=job,
        parent=parent,
        metrics=metrics,
        parameters=described.parameters,
        size=described.size,
        files=listed(folder),
    )
    _take_in(folder, version.folder)
    with transaction.atomic():
        version.model, _ = Model.objects.get_or_create(workspace_id=workspace_id, name=name)
        version.number = _next_number(version.model)
        version.save(force_insert=True)
        aliases.first(version)
    return version


def _take_in(folder: Path, into: Path) -> None:
    """Outside the transaction, so that nobody waits for gigabytes. Half a copy is none."""
    try:
        shutil.copytree(folder, into)
    except OSError:
        shutil.rmtree(into, ignore_errors=True)
        raise


def finish_import(version: ModelVersion, described: Description) -> None:
    """The files are in place and sound: from now on the version can be used."""
    version.kind, version.parameters, version.size = described.kind, described.parameters, described.size
    version.status, version.error, version.files = VersionStatus.READY, "", listed(version.folder)
    with transaction.atomic():
        version.save(update_fields=["kind", "parameters", "size", "status", "error", "files"])
        aliases.first(version)


def set_alias(*, model: Model, name: str, number: int, asker: Asker, reason: str = "") -> Alias:
    """Point a name at a version: to promote is to move ``production``. It holds from the next look-up on.

    ``ApiError`` 409 ``gate`` lists what stands against a version; a written reason lets it pass all the same.
    """
    if not NAME.fullmatch(name) or len(name) > LONGEST_ALIAS:
        raise ApiError(
            "invalid",
            f"'{name}' cannot be an alias: use up to {LONGEST_ALIAS} small letters, digits, '.', '_', '-'.",
            422,
        )
    with transaction.atomic():
        aliases.lock(model)
        version = model.versions.filter(number=number, status=VersionStatus.READY).first()
        if version is None:
            raise ApiError("not_found", f"'{model.name}' has no usable version {number}.", 404)
        refusals = _refusals(version, name)
        if refusals and len(reason.strip()) < SHORTEST_REASON:
            raise ApiError("gate", _closed(version, refusals), 409, {"refusals": refusals})
        return aliases.move(version, name, asker=asker, reason=reason.strip(), refusals=refusals)


def _refusals(version: ModelVersion, alias: str) -> list[str]:
    """Nothing stands against a first version, nor against one that was in production before."""
    if refusals_of is None or alias != PRODUCTION:
        return []
    stood = aliases.targets(version.model, alias)
    return [] if not stood or version.number in stood else refusals_of(version)


def _closed(version: ModelVersion, refusals: list[str]) -> str:
    return (
        f"The gate is closed to '{version.ref}': {'; '.join(refusals)}. "
        f"To promote it all the same, give a 'reason' of at least {SHORTEST_REASON} characters."
    )


def roll_back(*, model: Model, name: str, asker: Asker, reason: str = "") -> Alias:
    """Take the last move of an alias back; again, the one before that."""
    with transaction.atomic():
        aliases.lock(model)
        version = aliases.previous(model, name)
        if version is None:
            raise ApiError("conflict", f"'{model.name}:{name}' has no earlier version to go back to.", 409)
        return aliases.move(version, name, asker=asker, reason=reason.strip(), undo=True)


def remove_alias(*, model: Model, name: str, asker: Asker) -> None:
    """What names it stops with an error that says so; ``production`` stays."""
    if name == PRODUCTION:
        raise ApiError(
            "conflict", f"'{PRODUCTION}' is what '{model.name}' alone means; move it instead.", 409
        )
    with transaction.atomic():
        aliases.lock(model)
        if not aliases.remove(model, name, asker=asker):
            raise ApiError("not_found", f"'{model.name}' has no alias '{name}'.", 404)


def delete_version(version: ModelVersion, *, asker: Asker) -> None:
    """Remove a version and its files. What a name points at stays until the name is moved."""
    if version.source == Source.SHIPPED:
        raise ApiError("conflict", "The model that came with Flowbuilder cannot be removed.", 409)
    others = version.model.versions.exclude(pk=version.pk).exists()
    names = ", ".join(alias.name for alias in version.aliases.all())
    if names and others:
        raise ApiError("conflict", f"'{version.ref}' is {names}; promote another version first.", 409)
    folder = version.folder
    try:
        with transaction.atomic():
            version.delete()
            if not others:
                version.model.delete()
            record(
                asker=asker, action="model.deleted", subject=version.ref, details={"source": version.source}
            )
    except ProtectedError as error:
        raise ApiError(
            "conflict", f"Training jobs or A/B tests stand on '{version.ref}'; it stays with them.", 409
        ) from error
    for left in (folder, version.unfinished_folder):
        shutil.rmtree(left, ignore_errors=True)


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
    before = timezone.now() - timedelta(seconds=10)
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


def _first_version(model: Model, *, source: Source, described: Description) -> ModelVersion:
    version = ModelVersion.objects.create(
        workspace=model.workspace,
        model=model,
        number=_next_number(model),
        kind=Kind.CAUSAL,
        source=source,
        parameters=described.parameters,
        size=described.size,
        files=listed(STARTER),
    )
    aliases.first(version)
    return version


def _next_number(model: Model) -> int:
    """The next one, for this transaction: whoever else wants one waits for its end."""
    aliases.lock(model)
    model.refresh_from_db(fields=["last_number"])
    model.last_number = max(model.last_number, model.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    model.save(update_fields=["last_number"])
    return model.last_number
