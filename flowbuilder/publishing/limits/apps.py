from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "flowbuilder.publishing.limits"
    label = "limits"

    def ready(self) -> None:
        from flowbuilder.publishing.limits import holding
        from flowbuilder.runs import admission

        admission.knocking.append(holding.knock)
        admission.entering.append(holding.enter)
