from django.apps import AppConfig


class ImportingConfig(AppConfig):
    name = "flowbuilder.importing"
    label = "importing"
