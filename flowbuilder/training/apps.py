from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "flowbuilder.training"
    label = "training"

    def ready(self) -> None:
        from flowbuilder.runs import context
        from flowbuilder.training.services import NodeTraining

        context.training_for = NodeTraining
