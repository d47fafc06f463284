from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "flowbuilder.flows"
    label = "flows"

    def ready(self) -> None:
        from flowbuilder.flows.models_named import mentions
        from flowbuilder.modelhub import uses

        uses.mentions_of = mentions
