from django.apps import AppConfig


class AbtestsConfig(AppConfig):
    name = "flowbuilder.abtests"
    label = "abtests"
