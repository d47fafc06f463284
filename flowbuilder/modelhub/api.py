"""Models over HTTP."""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import PRODUCTION, Model, ModelVersion

router = Router(tags=["models"])


class NewModel(Schema):
    name: str = Field(min_length=1, max_length=63)
    source: Literal["hub", "folder"]
    location: str = Field(min_length=1, max_length=200)
    """A hub id such as ``org/name``, or a folder's name on the model shelf."""
    revision: str = Field("", max_length=80)


class AliasTarget(Schema):
    number: int = Field(ge=1)


@router.get("/models")
def list_models(request: HttpRequest) -> list[dict[str, Any]]:
    """Every version that the workspace has; the newest of each model first."""
    return [version_row(version) for version in versions_of(request)]


@router.post("/models", response={202: dict[str, Any]})
def add_model(request: HttpRequest, body: NewModel) -> Any:
    """Add a model from a hub or from the model shelf; a worker fetches and checks it."""
    must_edit(request)
    return Status(202, version_row(registry.add_model(asker=request.asker, **body.dict())))


@router.get("/models/{uuid:version_id}")
def get_version(request: HttpRequest, version_id: uuid.UUID) -> dict[str, Any]:
    return version_row(find(request, version_id))


@router.delete("/models/{uuid:version_id}", response={204: None})
def delete_version(request: HttpRequest, version_id: uuid.UUID) -> Any:
    version = find(request, version_id)
    must_edit(request)
    registry.delete_version(version)
    return Status(204, None)


@router.put("/models/{name}/aliases/{alias}")
def set_alias(request: HttpRequest, name: str, alias: str, body: AliasTarget) -> dict[str, Any]:
    """Point an alias at a version; ``production`` is what the bare name means."""
    model = Model.objects.visible_to(request.asker).filter(name=name).first()
    if model is None:
        raise ApiError("not_found", "There is no such model, or it is not yours.", 404)
    must_edit(request)
    return version_row(registry.set_alias(model=model, name=alias, number=body.number).version)


def versions_of(request: HttpRequest) -> Any:
    versions = ModelVersion.objects.visible_to(request.asker).select_related("model", "parent__model")
    return versions.prefetch_related("aliases")


def find(request: HttpRequest, version_id: uuid.UUID) -> ModelVersion:
    version = versions_of(request).filter(pk=version_id).first()
    if version is None:
        raise ApiError("not_found", "There is no such model version, or it is not yours.", 404)
    return version


def must_edit(request: HttpRequest) -> None:
    if not request.asker.can_edit:
        raise ApiError("forbidden", "Your role may not change models; ask an editor of the workspace.", 403)


def version_row(version: ModelVersion) -> dict[str, Any]:
    aliases = [alias.name for alias in version.aliases.all()]
    return {
        "id": str(version.pk),
        "ref": version.ref,
        "name": version.model.name,
        "number": version.number,
        "kind": version.kind,
        "source": version.source,
        "location": version.location if version.source in {"hub", "folder"} else "",
        "parent": version.parent.ref if version.parent else None,
        "status": version.status,
        "error": version.error,
        "aliases": aliases,
        "production": PRODUCTION in aliases,
        "parameters": version.parameters,
        "size": version.size,
        "metrics": version.metrics,
        "created_at": version.created_at,
    }
