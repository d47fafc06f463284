from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "flowbuilder.sharing"
    label = "sharing"

    def ready(self) -> None:
        from flowbuilder.accounts import letting_in
        from flowbuilder.sharing.guests import let_in

        letting_in.let_in = let_in
