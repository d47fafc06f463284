"""What a flow can start from: templates of the gallery, and those that people of the workspace have saved."""

from __future__ import annotations

import uuid
from copy import deepcopy
from typing import Any

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.graph import Graph
from flowbuilder.flows.files.reading import graph_of
from flowbuilder.flows.files.writing import as_file, layout_of
from flowbuilder.flows.gallery import Template, template, templates
from flowbuilder.flows.gallery.language import spoken
from flowbuilder.flows.models import Flow, SavedTemplate


def starting_points(asker: Asker) -> list[Template]:
    """Those of the workspace first."""
    return [*(as_template(saved) for saved in SavedTemplate.objects.visible_to(asker)), *templates()]


def shown_points(asker: Asker) -> list[Template]:
    """As the reader reads them; what compares words takes them as they are written."""
    return [spoken(each) for each in starting_points(asker)]


def starting_point(asker: Asker, slug: str) -> Template:
    """The one of that slug, or that id. Errors: ``ApiError`` 404 that lists the gallery's."""
    try:
        wanted = uuid.UUID(slug)
    except ValueError:
        return spoken(template(slug))
    saved = SavedTemplate.objects.visible_to(asker).filter(pk=wanted).first()
    if saved is None:
        raise ApiError("not_found", "There is no such template, or it is not yours.", 404)
    return as_template(saved)


def save_template(*, asker: Asker, flow: Flow, title: str, description: str) -> SavedTemplate:
    """From the draft as an export would write it: without pins and breakpoints."""
    graph = Graph.model_validate(flow.graph)
    return SavedTemplate.objects.create(
        workspace=asker.workspace,
        title=title,
        description=description,
        graph=graph_of({**as_file(title, "", graph), "layout": layout_of(graph)}).model_dump(mode="json"),
        created_by=asker.user,
    )


def as_template(saved: SavedTemplate) -> Template:
    return Template(
        slug=str(saved.pk), title=saved.title, description=saved.description, graph=saved.graph, saved=True
    )


def graph_from(asker: Asker, slug: str) -> dict[str, Any]:
    """A copy: the gallery is read once a process."""
    return deepcopy(starting_point(asker, slug).graph)
