from django.apps import AppConfig


class VariablesConfig(AppConfig):
    name = "flowbuilder.variables"
    label = "variables"
