from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "flowbuilder.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from flowbuilder.knowledge.services import erase
        from flowbuilder.people import deletion

        deletion.before.append(erase)
