from django.apps import AppConfig


class SecretsConfig(AppConfig):
    name = "flowbuilder.secrets"
    label = "secrets"
