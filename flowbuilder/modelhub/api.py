"""Models over HTTP."""

import uuid
from functools import partial
from typing import Any, Literal

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.lasting import while_allowed
from flowbuilder.accounts.models import Asker
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.modelhub import adding, aliases, registry
from flowbuilder.modelhub.card import card_of
from flowbuilder.modelhub.exporting import archive, pieces
from flowbuilder.modelhub.lineage import lineage_of
from flowbuilder.modelhub.models import PRODUCTION, Alias, AliasMove, Model, ModelVersion
from flowbuilder.modelhub.uses import Use, uses_of

must_edit = api_must(edits, "Your role may not change models; ask an editor of the workspace.")

router = Router(tags=["models"])


class NewModel(Schema):
    name: str = Field(min_length=1, max_length=63)
    source: Literal["hub", "folder"]
    location: str = Field(min_length=1, max_length=200)
    """A hub id such as ``org/name``, or a folder's name on the model shelf."""
    revision: str = Field("", max_length=80)


class AliasTarget(Schema):
    number: int = Field(ge=1)
    reason: str = Field("", max_length=2000)
    """Wanted where the gate is closed to the version; kept with the move."""


class ModelDescription(Schema):
    intended_use: str = Field("", max_length=4000)
    limits: str = Field("", max_length=4000)


class RollBack(Schema):
    reason: str = Field("", max_length=2000)


@router.get("/models")
def list_models(request: HttpRequest) -> list[dict[str, Any]]:
    """Every version that the workspace has; the newest of each model first."""
    return [version_row(request.asker, version) for version in versions_of(request)]


@router.post("/models", response={202: dict[str, Any]})
def add_model(request: HttpRequest, body: NewModel) -> Any:
    """Add a model from a hub or from the model shelf; a worker fetches and checks it."""
    must_edit(request)
    return Status(202, version_row(request.asker, adding.add_model(asker=request.asker, **body.dict())))


@router.get("/models/{uuid:version_id}")
def get_version(request: HttpRequest, version_id: uuid.UUID) -> dict[str, Any]:
    """With its files, and while it is added how far each of them is."""
    version = find(request, version_id)
    return {**version_row(request.asker, version), "files": version.files, "progress": version.progress}


@router.get("/models/{uuid:version_id}/lineage")
def get_lineage(request: HttpRequest, version_id: uuid.UUID) -> dict[str, Any]:
    """Items and the links between them: base, data, jobs, versions, and the flows that get this version."""
    return lineage_of(request.asker, find(request, version_id)).row()


@router.get("/models/{uuid:version_id}/card")
def get_card(request: HttpRequest, version_id: uuid.UUID) -> dict[str, str]:
    """The model card, as Markdown."""
    return {"markdown": card_of(request.asker, find(request, version_id))}


@router.get("/models/{uuid:version_id}/export")
async def export_version(request: HttpRequest, version_id: uuid.UUID) -> StreamingHttpResponse:
    """A zip of the version's safetensors folder with its card and the hashes; adapters are merged already."""
    version = await sync_to_async(find)(request, version_id)
    made = await sync_to_async(archive)(request.asker, version)
    stream = while_allowed(pieces(made), partial(still_sees, request, version_id))
    answer = StreamingHttpResponse(stream, content_type="application/zip")
    answer["Content-Length"] = str(len(made))
    answer["Content-Disposition"] = f'attachment; filename="{version.model.name}-{version.number}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


async def still_sees(request: HttpRequest, version_id: uuid.UUID) -> bool:
    seen = ModelVersion.objects.visible_to(await request.ask_again())
    return bool(await seen.filter(pk=version_id).aexists())


@router.delete("/models/{uuid:version_id}", response={204: None})
def delete_version(request: HttpRequest, version_id: uuid.UUID) -> Any:
    version = find(request, version_id)
    must_edit(request)
    registry.delete_version(version, asker=request.asker)
    return Status(204, None)


@router.post("/models/{uuid:version_id}/cancellation", response={202: dict[str, Any]})
def cancel_import(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Stop adding it; what was fetched stays for a resumption."""
    version = find(request, version_id)
    must_edit(request)
    adding.cancel_import(version)
    return Status(202, version_row(request.asker, find(request, version_id)))


@router.post("/models/{uuid:version_id}/resumption", response={202: dict[str, Any]})
def resume_import(request: HttpRequest, version_id: uuid.UUID) -> Any:
    """Try again to add what failed or was cancelled; a download goes on where it was."""
    version = find(request, version_id)
    must_edit(request)
    adding.resume_import(version)
    return Status(202, version_row(request.asker, find(request, version_id)))


@router.get("/models/{name}/aliases")
def list_aliases(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """Each alias with the version that it points at, and the one that a roll back leads to."""
    model = find_model(request, name)
    return [alias_row(alias) for alias in model.aliases.select_related("version__model")]


@router.get("/models/{name}/uses")
def list_uses(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """The nodes of flows that name the model, and the version that each gets now."""
    return [use_row(use) for use in uses_of(request.asker, find_model(request, name))]


@router.put("/models/{name}/description")
def describe(request: HttpRequest, name: str, body: ModelDescription) -> dict[str, str]:
    """What people say of the model; it stands in the cards of its versions beside the facts."""
    model = find_model(request, name)
    must_edit(request)
    model.intended_use, model.limits = body.intended_use, body.limits
    model.save(update_fields=["intended_use", "limits"])
    return body.dict()


@router.put("/models/{name}/aliases/{alias}")
def set_alias(request: HttpRequest, name: str, alias: str, body: AliasTarget) -> dict[str, Any]:
    """Point an alias at a version; ``production`` is what the bare name means."""
    model = find_model(request, name)
    must_edit(request)
    moved = registry.set_alias(model=model, name=alias, asker=request.asker, **body.dict())
    return version_row(request.asker, moved.version)


@router.delete("/models/{name}/aliases/{alias}", response={204: None})
def remove_alias(request: HttpRequest, name: str, alias: str) -> Any:
    model = find_model(request, name)
    must_edit(request)
    registry.remove_alias(model=model, name=alias, asker=request.asker)
    return Status(204, None)


@router.get("/models/{name}/aliases/{alias}/moves")
def list_moves(request: HttpRequest, name: str, alias: str) -> list[dict[str, Any]]:
    """Where the alias stood, the newest move first."""
    moves = find_model(request, name).moves.filter(alias=alias).select_related("person")
    return [move_row(move) for move in moves[:500]]


@router.post("/models/{name}/aliases/{alias}/rollbacks", response={201: dict[str, Any]})
def roll_back(request: HttpRequest, name: str, alias: str, body: RollBack) -> Any:
    """Take the alias's last move back; again, the one before that."""
    model = find_model(request, name)
    must_edit(request)
    moved = registry.roll_back(model=model, name=alias, asker=request.asker, reason=body.reason)
    return Status(201, version_row(request.asker, moved.version))


def find_model(request: HttpRequest, name: str) -> Model:
    model = Model.objects.visible_to(request.asker).called(name).first()
    if model is None:
        raise ApiError("not_found", "There is no such model, or it is not yours.", 404)
    return model


def versions_of(request: HttpRequest) -> Any:
    versions = ModelVersion.objects.visible_to(request.asker).select_related("model", "parent__model")
    return versions.prefetch_related("aliases")


def find(request: HttpRequest, version_id: uuid.UUID) -> ModelVersion:
    version = versions_of(request).filter(pk=version_id).first()
    if version is None:
        raise ApiError("not_found", "There is no such model version, or it is not yours.", 404)
    return version


def version_row(asker: Asker, version: ModelVersion) -> dict[str, Any]:
    names, parent = [alias.name for alias in version.aliases.all()], version.parent_to(asker)
    return {
        "id": str(version.pk),
        "ref": version.ref,
        "name": version.model.name,
        "number": version.number,
        "kind": version.kind,
        "source": version.source,
        "location": version.location if version.source in {"hub", "folder"} else "",
        "parent": parent.ref if parent else None,
        "status": version.status,
        "error": version.error,
        "aliases": names,
        "production": PRODUCTION in names,
        "parameters": version.parameters,
        "size": version.size,
        "metrics": version.metrics,
        "created_at": version.created_at,
    }


def alias_row(alias: Alias) -> dict[str, Any]:
    back = aliases.previous(alias.model, alias.name)
    return {"alias": alias.name, "version": alias.version.ref, "roll_back_to": back.ref if back else None}


def use_row(use: Use) -> dict[str, Any]:
    mention = use.mention
    return {
        "flow": str(mention.flow_id),
        "flow_name": mention.flow_name,
        "version": mention.version,
        "node": mention.node,
        "ref": mention.ref,
        "by": use.how,
        "gets": use.number,
    }


def move_row(move: AliasMove) -> dict[str, Any]:
    return {
        "before": move.before,
        "after": move.after,
        "rolled_back": move.undo,
        "by": move.person.email if move.person else None,
        "at": move.created_at,
        "reason": move.reason,
        "refusals": move.refusals,
    }
