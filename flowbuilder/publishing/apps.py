from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "flowbuilder.publishing"
    label = "publishing"
