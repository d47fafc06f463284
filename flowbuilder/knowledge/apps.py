from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "flowbuilder.knowledge"
    label = "knowledge"
