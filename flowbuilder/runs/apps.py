from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "flowbuilder.runs"
    label = "runs"

    def ready(self) -> None:
        from flowbuilder.people import deletion
        from flowbuilder.runs.services import stop_all

        deletion.before.append(stop_all)
