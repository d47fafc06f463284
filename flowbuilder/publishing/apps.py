from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "flowbuilder.publishing"
    label = "publishing"

    def ready(self) -> None:
        from flowbuilder.publishing.doors import closed_to_keys
        from flowbuilder.runs import services

        services.closed_to_keys = closed_to_keys
