from django.apps import AppConfig


class ApisConfig(AppConfig):
    name = "flowbuilder.apis"
    label = "apis"
