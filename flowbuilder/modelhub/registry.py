"""What is done to versions: found by reference, taken in from a training, promoted, removed."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError

from flowbuilder.accounts.audit import record
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker, Workspace
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
    VersionStatus,
)
from flowbuilder.modelhub.starter_folder import STARTER
from nodes.base import NodeError

STARTER_NAME = "starter"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
LONGEST_ALIAS = 40
SHORTEST_REASON = 10
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
        version.number = next_number(version.model)
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
    """Nothing stands against a first version, nor against one that went into production unopposed before."""
    if refusals_of is None or alias != PRODUCTION or aliases.is_first(version.model, alias):
        return []
    return [] if version.number in aliases.unopposed(version.model, alias) else refusals_of(version)


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


def erase_files(workspace: Workspace) -> None:
    """Of all its models, before the workspace goes; what came with Flowbuilder is everybody's."""
    for version in ModelVersion.objects.filter(workspace=workspace).exclude(source=Source.SHIPPED):
        for left in (version.folder, version.unfinished_folder):
            shutil.rmtree(left, ignore_errors=True)


def _first_version(model: Model, *, source: Source, described: Description) -> ModelVersion:
    version = ModelVersion.objects.create(
        workspace=model.workspace,
        model=model,
        number=next_number(model),
        kind=Kind.CAUSAL,
        source=source,
        parameters=described.parameters,
        size=described.size,
        files=listed(STARTER),
    )
    aliases.first(version)
    return version


def next_number(model: Model) -> int:
    """The next version's, for this transaction: whoever else wants one waits for its end."""
    aliases.lock(model)
    model.refresh_from_db(fields=["last_number"])
    model.last_number = max(model.last_number, model.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    model.save(update_fields=["last_number"])
    return model.last_number
