from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "flowbuilder.publishing.usage"
    label = "usage"

    def ready(self) -> None:
        from flowbuilder.publishing.usage import recording
        from flowbuilder.runs import admission

        admission.entering.append(recording.begin)
        admission.leaving.append(recording.settle)
