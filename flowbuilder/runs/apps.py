from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "flowbuilder.runs"
    label = "runs"
