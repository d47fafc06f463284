from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "flowbuilder.people"
    label = "people"

    def ready(self) -> None:
        from flowbuilder.people.signing_in import audit

        audit.connect()
