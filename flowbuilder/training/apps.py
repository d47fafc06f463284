from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "flowbuilder.training"
    label = "training"

    def ready(self) -> None:
        from flowbuilder.modelhub import card, lineage
        from flowbuilder.people import deletion
        from flowbuilder.runs import context
        from flowbuilder.training.card import sections
        from flowbuilder.training.lineage import contribute
        from flowbuilder.training.services import NodeTraining, erase

        deletion.before.append(erase)
        context.training_for = NodeTraining
        card.sources.append(sections)
        lineage.sources.append(contribute)
