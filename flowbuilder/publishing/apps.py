from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "flowbuilder.publishing"
    label = "publishing"

    def ready(self) -> None:
        from flowbuilder.flows import publication
        from flowbuilder.publishing.doors import closed_to_keys
        from flowbuilder.publishing.overrides import allowed_of
        from flowbuilder.publishing.triggers.live import follow
        from flowbuilder.runs import services

        services.closed_to_keys = closed_to_keys
        services.overridable = allowed_of
        publication.moved.append(follow)
