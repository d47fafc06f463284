from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class ModelhubConfig(AppConfig):
    name = "flowbuilder.modelhub"
    label = "modelhub"

    def ready(self) -> None:
        from flowbuilder.modelhub.registry import erase_files
        from flowbuilder.people import deletion

        deletion.before.append(erase_files)
        post_save.connect(give_starter, sender="accounts.Workspace", dispatch_uid="starter")


def give_starter(instance: Any, created: bool, **_: Any) -> None:
    from flowbuilder.modelhub.registry import ensure_starter

    if created:
        ensure_starter(instance.pk)
