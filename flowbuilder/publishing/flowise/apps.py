from django.apps import AppConfig


class FlowiseConfig(AppConfig):
    name = "flowbuilder.publishing.flowise"
    label = "flowise"
