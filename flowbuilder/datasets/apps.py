from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "flowbuilder.datasets"
    label = "datasets"

    def ready(self) -> None:
        from flowbuilder.datasets.nodes import NodeDatasets
        from flowbuilder.runs import context

        context.datasets_for = NodeDatasets
