from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "flowbuilder.training"
    label = "training"
