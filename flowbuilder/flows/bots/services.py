"""Makes a bot: its knowledge base where it looks things up, and the flow drawn from its description."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from django.db import transaction

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.engine.validate import problems
from flowbuilder.flows import services
from flowbuilder.flows.bots.drawing import Parts, draw
from flowbuilder.flows.bots.understanding import Answers, Understanding
from flowbuilder.flows.models import Flow
from flowbuilder.flows.nodes import catalogue
from flowbuilder.knowledge.models import KnowledgeBase
from flowbuilder.knowledge.services import create_base
from flowbuilder.modelhub.models import ModelVersion, VersionStatus
from flowbuilder.modelhub.origin import context_length
from flowbuilder.modelhub.registry import STARTER_NAME, resolve
from flowbuilder.modelhub.services import GENERATES

WHOLE_SECTIONS = {"parents": "section", "parent_length": 4000}
"""How documents of records are split: a record's fields stand together in what is given, however many they are."""
SMALL = 50_000_000
"""Parameters below which a model follows no instructions: it only continues the forms that it was trained on."""


@dataclass(frozen=True)
class Bot:
    flow: Flow
    base: KnowledgeBase | None
    made_base: bool = False


def create_bot(
    *,
    asker: Asker,
    name: str,
    description: str,
    understood: Understanding,
    base_id: uuid.UUID | None = None,
    model: str = "",
) -> Bot:
    """The flow of what was understood. Without ``base_id`` a bot that looks things up gets a base of its own."""
    version = resolve(asker.workspace.pk, model or default_model(asker), kinds=GENERATES)
    with transaction.atomic():
        base, made = _base(asker, name, base_id) if understood.looks_up else (None, False)
        if base and made and understood.answers == Answers.RECORD:
            base.splitting = WHOLE_SECTIONS
            base.save(update_fields=["splitting"])
        parts = Parts(model=model or default_model(asker), trained_form=version.parameters < SMALL)
        if base:
            named = {"base": str(base.pk), "base_name": base.name}
            reads = context_length(version.folder) or 0
            parts = replace(parts, **named, base_is_empty=not base.documents.exists(), reads=reads)
        graph = draw(description, understood, parts)
        found = problems(services.parse_graph(graph), catalogue())
        if wrong := [problem.message for problem in found if problem.severity == "error"]:
            raise ApiError("invalid_graph", f"No flow could be made of this: {wrong[0]}", 422)
        return Bot(services.create_flow(asker=asker, name=name, graph=graph), base, made)


def _base(asker: Asker, name: str, base_id: uuid.UUID | None) -> tuple[KnowledgeBase, bool]:
    if base_id is None:
        return create_base(asker=asker, name=_free_name(asker, name)), True
    base = KnowledgeBase.objects.visible_to(asker).filter(pk=base_id).first()
    if base is None:
        raise ApiError("not_found", "There is no such knowledge base, or it is not yours.", 404)
    return base, False


def _free_name(asker: Asker, wanted: str) -> str:
    taken = set(KnowledgeBase.objects.filter(workspace=asker.workspace).values_list("name", flat=True))
    candidates = (wanted if i == 1 else f"{wanted[:95]} {i}" for i in range(1, len(taken) + 2))
    return next(name for name in candidates if name not in taken)


def default_model(asker: Asker) -> str:
    """The most capable one of the workspace: the largest that is in production and writes; the shipped one where none is larger."""
    promoted = (
        ModelVersion.objects.visible_to(asker)
        .filter(status=VersionStatus.READY, kind__in=GENERATES, aliases__name="production")
        .select_related("model")
        .order_by("-parameters", "model__name")
        .first()
    )
    return promoted.model.name if promoted and promoted.parameters >= SMALL else STARTER_NAME
