"""Flows over HTTP: templates, the node catalogue, drafts, validation."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from flowbuilder.accounts import audit
from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.rights import api_must, edits
from flowbuilder.apis.typing_ports import types_of_operation
from flowbuilder.engine.compiled import ports_of
from flowbuilder.engine.graph import NodeSpec, OnError
from flowbuilder.flows import services, starting_points
from flowbuilder.flows.checking import check
from flowbuilder.flows.models import Flow, SavedTemplate
from flowbuilder.flows.nodes import catalogue, operation_in, plugins
from flowbuilder.translation.nodes import in_language
from nodes.base import NodeError

must_edit = api_must(edits, "Your role may not change flows; ask an editor of the workspace.")

router = Router(tags=["flows"])


class NewFlow(Schema):
    name: str = Field(min_length=1, max_length=100)
    template: str | None = None


class NewTemplate(Schema):
    flow: uuid.UUID
    title: str = Field(min_length=1, max_length=100)
    description: str = Field("", max_length=300)


class Draft(Schema):
    graph: dict[str, Any]
    revision: int
    name: str | None = Field(None, min_length=1, max_length=100)


class Unsaved(Schema):
    graph: dict[str, Any] | None = None


class NodeSettings(Schema):
    type: str
    settings: dict[str, Any] = {}
    on_error: OnError = OnError.STOP
    body: dict[str, Any] | None = None
    """Of a group: what stands in it, which its ports follow from."""


@router.get("/nodes")
def list_nodes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every node with its settings and ports."""
    return [in_language(description) for description in catalogue().describe()]


@router.get("/plugins")
def list_plugins(request: HttpRequest) -> list[dict[str, Any]]:
    """Packages that bring nodes of their own, and why one brings none."""
    return [
        {"name": found.name, "package": found.package, "nodes": sorted(found.kinds), "problem": found.problem}
        for found in plugins()
    ]


@router.post("/nodes/ports")
def node_ports(request: HttpRequest, body: NodeSettings) -> dict[str, Any]:
    """Ports of a node whose settings, or whose body, decide them."""
    try:
        graph = None if body.body is None else services.parse_graph(body.body)
        spec = NodeSpec(
            id="asked", type=body.type, settings=body.settings, on_error=body.on_error, body=graph
        )
        inputs, outputs = ports_of(spec, catalogue())
    except NodeError as error:
        raise ApiError("invalid_settings", str(error), 422) from error
    kinds = catalogue()
    kind = kinds.kinds[kinds.aliases.get(body.type, body.type)]
    takes, gives = types_of_operation(request.asker, operation_in(kind, body.settings))
    return {
        "inputs": [{**port.describe(), **takes.get(port.name, {})} for port in inputs],
        "outputs": [{**port.describe(), **gives.get(port.name, {})} for port in outputs],
    }


@router.get("/templates")
def list_templates(request: HttpRequest) -> list[dict[str, Any]]:
    """What the workspace has saved (`saved`, with its id as `slug`), and the gallery."""
    return [vars(template) for template in starting_points.shown_points(request.asker)]


@router.post("/templates", response={201: dict[str, Any]})
def save_template(request: HttpRequest, body: NewTemplate) -> Any:
    """Keep a flow's draft for others of the workspace to start from."""
    flow = find(request, body.flow)
    must_edit(request)
    saved = starting_points.save_template(
        asker=request.asker, flow=flow, title=body.title, description=body.description
    )
    return Status(201, vars(starting_points.as_template(saved)))


@router.delete("/templates/{uuid:template_id}", response={204: None})
def delete_template(request: HttpRequest, template_id: uuid.UUID) -> Any:
    """One that the workspace has saved; flows that were made from it stay."""
    saved = SavedTemplate.objects.visible_to(request.asker).filter(pk=template_id).first()
    if saved is None:
        raise ApiError("not_found", "There is no such template, or it is not yours.", 404)
    must_edit(request)
    audit.delete(asker=request.asker, thing=saved, kind="template")
    return Status(204, None)


@router.get("/flows")
def list_flows(request: HttpRequest) -> list[dict[str, Any]]:
    return [summary(flow) for flow in Flow.objects.visible_to(request.asker).order_by("-updated_at")[:500]]


@router.post("/flows", response={201: dict[str, Any]})
def create_flow(request: HttpRequest, body: NewFlow) -> Any:
    must_edit(request)
    return Status(
        201, whole(services.create_flow(asker=request.asker, name=body.name, template=body.template))
    )


@router.get("/flows/{uuid:flow_id}")
def get_flow(request: HttpRequest, flow_id: uuid.UUID) -> dict[str, Any]:
    return whole(find(request, flow_id))


@router.put("/flows/{uuid:flow_id}")
def save_flow(request: HttpRequest, flow_id: uuid.UUID, body: Draft) -> dict[str, Any]:
    """Save the draft over the revision you loaded; 409 carries what somebody else saved since."""
    flow = find(request, flow_id)
    must_edit(request)
    saved = services.save_draft(
        flow=flow, graph=body.graph, revision=body.revision, name=body.name, asker=request.asker
    )
    return whole(saved)


@router.delete("/flows/{uuid:flow_id}", response={204: None})
def delete_flow(request: HttpRequest, flow_id: uuid.UUID) -> Any:
    flow = find(request, flow_id)
    must_edit(request)
    services.delete(asker=request.asker, flow=flow)
    return Status(204, None)


@router.post("/flows/{uuid:flow_id}/validate")
def validate_flow(request: HttpRequest, flow_id: uuid.UUID, body: Unsaved) -> dict[str, Any]:
    """Check the draft, or the graph that is sent: what is on screen, not the last save."""
    flow = find(request, flow_id)
    graph = services.parse_graph(flow.graph if body.graph is None else body.graph)
    return {"problems": [vars(problem) for problem in check(graph, request.asker, flow)]}


def find(request: HttpRequest, flow_id: uuid.UUID) -> Flow:
    flow = (
        Flow.objects.visible_to(request.asker).select_related("published_version").filter(pk=flow_id).first()
    )
    if flow is None:
        raise ApiError("not_found", "There is no such flow, or it is not yours.", 404)
    return flow


def summary(flow: Flow) -> dict[str, Any]:
    return {
        "id": str(flow.pk),
        "name": flow.name,
        "slug": flow.slug,
        "revision": flow.revision,
        "updated_at": flow.updated_at,
        "published_version": flow.published_version.number if flow.published_version else None,
    }


def whole(flow: Flow) -> dict[str, Any]:
    return {**summary(flow), "graph": flow.graph}
