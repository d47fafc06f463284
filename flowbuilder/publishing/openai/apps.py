from django.apps import AppConfig


class OpenAIConfig(AppConfig):
    name = "flowbuilder.publishing.openai"
    label = "openai_door"
