from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "flowbuilder.people"
    label = "people"

    def ready(self) -> None:
        from flowbuilder.people import languages
        from flowbuilder.people.mail import send_share
        from flowbuilder.people.signing_in import audit
        from flowbuilder.sharing import inviting

        audit.connect()
        languages.connect()
        inviting.deliver = send_share
