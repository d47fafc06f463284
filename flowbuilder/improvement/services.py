"""From feedback to a better model: the flow that trains is made, and started."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from flowbuilder.accounts.errors import ApiError
from flowbuilder.accounts.models import Asker
from flowbuilder.flows.models import Flow
from flowbuilder.flows.services import create_flow, save_draft
from flowbuilder.improvement.graph import training_graph
from flowbuilder.improvement.models import Improvement
from flowbuilder.improvement.plan import Effort, Plan, Recipe, plan_for
from flowbuilder.runs.services import submit


def improve(
    *,
    asker: Asker,
    flow: Flow,
    recipe: Recipe = "grpo",
    effort: Effort = "normal",
    promote: bool = False,
    start: bool = True,
) -> Improvement:
    """Make the flow that trains, and run it unless ``start`` is false. ``ApiError`` 409 says what is missing."""
    plan = plan_for(flow)
    if not plan.is_ready:
        raise ApiError("conflict", " ".join(plan.missing), 409, list(plan.missing))
    with transaction.atomic():
        trainer = _trainer(asker, plan, recipe, effort, promote)
        run = submit(asker=asker, flow=trainer, inputs={}) if start else None
        return Improvement.objects.create(
            workspace=asker.workspace, flow=flow, trainer=trainer, run=run, person=asker.user
        )


def _trainer(asker: Asker, plan: Plan, recipe: Recipe, effort: Effort, promote: bool) -> Flow:
    name = _("Improve %(flow)s") % {"flow": plan.flow.name}
    trainer = create_flow(asker=asker, name=name[:100])
    graph = training_graph(plan, plan.steps(recipe, effort), promote=promote)
    return save_draft(flow=trainer, graph=graph, revision=trainer.revision)
