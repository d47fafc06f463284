from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "flowbuilder.publishing.callbacks"
    label = "callbacks"

    def ready(self) -> None:
        from flowbuilder.publishing.callbacks.registering import await_end, for_run
        from flowbuilder.runs import services

        services.accepted.append(await_end)
        services.tell_at_end = for_run
