from django.apps import AppConfig


class DebuggingConfig(AppConfig):
    name = "flowbuilder.debugging"
    label = "debugging"
