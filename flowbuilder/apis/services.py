"""Importing descriptions, again and again; what nodes ask of them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.apis.differences import differences
from flowbuilder.apis.importing.confined import understood
from flowbuilder.apis.importing.refusal import Refused
from flowbuilder.apis.models import ApiDescription, Operation, Revision

TOLD = ("method", "path", "operation_id", "summary", "tags", "parameters", "request", "request_type", "request_required", "responses")  # fmt: skip
LONGEST_NAME = 100
LONGEST_PATH = 500
MOST_DESCRIPTIONS = 200


def import_description(*, asker: Asker, text: str, name: str = "", example: str = "") -> ApiDescription:
    """A new description; ``ApiError`` names what is wrong with the document, and where."""
    said = _understood(text, example)
    name = (name.strip() or said["title"].strip() or "API")[:LONGEST_NAME]
    known = ApiDescription.objects.filter(workspace=asker.workspace)
    if known.count() >= MOST_DESCRIPTIONS:
        raise ApiError(
            "conflict", f"A workspace may have {MOST_DESCRIPTIONS} API descriptions; delete one.", 409
        )
    if known.filter(name=name).exists():
        raise ApiError(
            "conflict",
            f"There is an API '{name}' already: import it there as a new revision, or give another name.",
            409,
        )
    with transaction.atomic():
        description = ApiDescription.objects.create(workspace=asker.workspace, name=name, **_head(said))
        _keep(description, said["operations"], [])
        audit.record(asker=asker, action="api.imported", subject=name, details=_counted(said))
    return description


def import_again(*, asker: Asker, description: ApiDescription, text: str, example: str = "") -> Revision:
    """The next revision. Operations that stay keep their ids; 409 where nothing changed."""
    said = _understood(text, example)
    with transaction.atomic():
        description = ApiDescription.objects.select_for_update().get(pk=description.pk)
        before = [_told(operation) for operation in description.operations.all()]
        changes = differences(before, said["operations"])
        if not changes and description.document == said["document"]:
            raise ApiError(
                "conflict", f"This is what '{description.name}' holds already; nothing was changed.", 409
            )
        for field, value in _head(said).items():
            setattr(description, field, value)
        description.revision += 1
        description.save()
        revision = _keep(description, said["operations"], changes)
        details = {**_counted(said), "revision": description.revision}
        audit.record(asker=asker, action="api.imported", subject=description.name, details=details)
    return revision


def delete_description(*, asker: Asker, description: ApiDescription) -> None:
    with transaction.atomic():
        audit.record(asker=asker, action="api.deleted", subject=description.name, details={})
        description.delete()


def _understood(text: str, example: str) -> dict[str, Any]:
    try:
        said = understood(text, example)
    except Refused as refused:
        raise ApiError("document_refused", str(refused), 422) from refused
    for operation in said["operations"]:
        if len(operation["path"]) > LONGEST_PATH:
            raise ApiError(
                "document_refused",
                f"A path may have {LONGEST_PATH} characters: {operation['path'][:80]}…",
                422,
            )
    return said


def _head(said: dict[str, Any]) -> dict[str, Any]:
    return {field: said[field] for field in ("title", "version", "source", "description", "document")}


def _counted(said: dict[str, Any]) -> dict[str, Any]:
    return {"source": said["source"], "operations": len(said["operations"])}


def _told(operation: Operation) -> dict[str, Any]:
    return {field: getattr(operation, field) for field in TOLD}


def _keep(description: ApiDescription, operations: list[dict[str, Any]], changes: list[str]) -> Revision:
    """Rows for what is told, in its order; those of operations that are gone go."""
    known = {(each.method, each.path): each for each in description.operations.all()}
    made: list[Operation] = []
    for position, told in enumerate(operations):
        row = known.pop((told["method"], told["path"]), None) or Operation(
            workspace=description.workspace, description=description
        )
        for field in TOLD:
            setattr(row, field, told[field])
        row.about, row.position = told["description"], position
        row.operation_id, row.request_type = row.operation_id[:200], row.request_type[:100]
        made.append(row)
    Operation.objects.filter(pk__in=[each.pk for each in known.values()]).delete()
    Operation.objects.bulk_create([each for each in made if each._state.adding])
    fields = [*TOLD, "about", "position"]
    Operation.objects.bulk_update([each for each in made if not each._state.adding], fields, batch_size=100)
    return Revision.objects.create(
        workspace=description.workspace,
        description=description,
        number=description.revision,
        version=description.version,
        source=description.source,
        differences=changes,
    )
