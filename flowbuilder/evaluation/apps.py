from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class EvaluationConfig(AppConfig):
    name = "flowbuilder.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        from flowbuilder.evaluation.card import sections
        from flowbuilder.evaluation.gates import refusals_of
        from flowbuilder.evaluation.promotion import NodePromotion
        from flowbuilder.modelhub import card, registry
        from flowbuilder.runs import context
        from flowbuilder.training.services import job_ended

        registry.refusals_of = refusals_of
        context.promotion_for = NodePromotion
        card.sources.append(sections)
        post_save.connect(give_evaluation, sender="training.Job", dispatch_uid="evaluation")
        job_ended.connect(keep_findings, dispatch_uid="evaluation")


def give_evaluation(instance: Any, created: bool, **_: Any) -> None:
    from flowbuilder.evaluation.services import begin
    from flowbuilder.training.models import Recipe

    if created and instance.recipe == Recipe.EVALUATE:
        begin(instance)


def keep_findings(job: Any, **_: Any) -> None:
    from flowbuilder.evaluation.services import take_in

    take_in(job)
