from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "flowbuilder.datasets"
    label = "datasets"
