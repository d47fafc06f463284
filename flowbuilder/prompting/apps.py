from django.apps import AppConfig


class PromptingConfig(AppConfig):
    name = "flowbuilder.prompting"
    label = "prompting"
