"""Variables of the workspace over HTTP: listed, read, set, removed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from flowbuilder.accounts.errors import ApiError
from flowbuilder.variables import services
from flowbuilder.variables.models import Scope, Variable

router = Router(tags=["variables"])


class NewValue(Schema):
    value: Any
    """JSON; null is no value: remove the variable instead."""


@router.get("/variables")
def list_variables(request: HttpRequest) -> list[dict[str, Any]]:
    """Those of the workspace, by name. What belongs to a run or a conversation stands in its trace."""
    return [row(variable) for variable in of_workspace(request)]


@router.get("/variables/{variable}")
def get_variable(request: HttpRequest, variable: str) -> dict[str, Any]:
    return row(find(request, variable))


@router.put("/variables/{variable}")
def set_variable(request: HttpRequest, variable: str, body: NewValue) -> dict[str, Any]:
    """Set it, whether or not there is one yet."""
    must_edit(request)
    if body.value is None:
        raise ApiError("invalid", "'value' is null: send another value, or DELETE the variable.", 422)
    return row(services.set_by_person(asker=request.asker, name=variable, value=body.value))


@router.delete("/variables/{variable}", response={204: None})
def remove_variable(request: HttpRequest, variable: str) -> Any:
    found = find(request, variable)
    must_edit(request)
    services.remove_by_person(asker=request.asker, variable=found)
    return Status(204, None)


def of_workspace(request: HttpRequest) -> Any:
    return Variable.objects.visible_to(request.asker).filter(scope=Scope.WORKSPACE)


def find(request: HttpRequest, name: str) -> Variable:
    found = of_workspace(request).filter(name=name).first()
    if found is None:
        raise ApiError("not_found", "There is no such variable, or it is not yours.", 404)
    return found


def must_edit(request: HttpRequest) -> None:
    if not request.asker.can_edit:
        raise ApiError(
            "forbidden", "Your role may not change variables; ask an editor of the workspace.", 403
        )


def row(variable: Variable) -> dict[str, Any]:
    return {"name": variable.name, "value": variable.value, "updated_at": variable.updated_at}
