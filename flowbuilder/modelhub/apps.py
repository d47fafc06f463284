from django.apps import AppConfig


class ModelhubConfig(AppConfig):
    name = "flowbuilder.modelhub"
    label = "modelhub"
