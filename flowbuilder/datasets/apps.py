from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "flowbuilder.datasets"
    label = "datasets"

    def ready(self) -> None:
        from flowbuilder.datasets.nodes import NodeDatasets
        from flowbuilder.datasets.services import lacks
        from flowbuilder.flows import checking
        from flowbuilder.runs import context

        context.datasets_for = NodeDatasets
        checking.LACKS["dataset"] = lacks
