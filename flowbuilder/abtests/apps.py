from django.apps import AppConfig


class AbtestsConfig(AppConfig):
    name = "flowbuilder.abtests"
    label = "abtests"

    def ready(self) -> None:
        from flowbuilder.abtests.routing import route
        from flowbuilder.modelhub import services

        services.route = route
