from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "flowbuilder.improvement"
    label = "improvement"
