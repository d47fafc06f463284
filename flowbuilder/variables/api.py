"""Variables of the workspace over HTTP: listed, read, set, removed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.variables import services
from flowbuilder.variables.models import Scope, Variable

must_edit = api_must(edits, "Your role may not change variables; ask an editor of the workspace.")

router = Router(tags=["variables"])


class NewValue(Schema):
    value: Any
    """JSON; null is no value: remove the variable instead."""
    environment: str = Field("", max_length=40)
    """draft, staging or production: there it stands in place of the common value."""


@router.get("/variables")
def list_variables(request: HttpRequest) -> list[dict[str, Any]]:
    """Those of the workspace, by name. What belongs to a run or a conversation stands in its trace."""
    return [row(variable) for variable in of_workspace(request)]


@router.get("/variables/{variable}")
def get_variable(request: HttpRequest, variable: str, environment: str = "") -> dict[str, Any]:
    """The common value, or the one that `environment` has for itself."""
    return row(find(request, variable, environment))


@router.put("/variables/{variable}")
def set_variable(request: HttpRequest, variable: str, body: NewValue) -> dict[str, Any]:
    """Set it, whether or not there is one yet."""
    must_edit(request)
    if body.value is None:
        raise ApiError("invalid", "'value' is null: send another value, or DELETE the variable.", 422)
    return row(
        services.set_by_person(
            asker=request.asker, name=variable, value=body.value, environment=body.environment
        )
    )


@router.delete("/variables/{variable}", response={204: None})
def remove_variable(request: HttpRequest, variable: str, environment: str = "") -> Any:
    """The common value, or the one that `environment` has for itself."""
    found = find(request, variable, environment)
    must_edit(request)
    services.remove_by_person(asker=request.asker, variable=found)
    return Status(204, None)


def of_workspace(request: HttpRequest) -> Any:
    return Variable.objects.visible_to(request.asker).filter(scope=Scope.WORKSPACE).order_by("name", "holder")


def find(request: HttpRequest, name: str, environment: str) -> Variable:
    found = of_workspace(request).filter(name=name, holder=environment).first()
    if found is None:
        raise ApiError("not_found", "There is no such variable, or it is not yours.", 404)
    return found


def row(variable: Variable) -> dict[str, Any]:
    return {
        "name": variable.name,
        "value": variable.value,
        "environment": variable.holder or None,
        "updated_at": variable.updated_at,
    }
