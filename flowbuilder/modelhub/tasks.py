import os
import threading
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from flowbuilder.modelhub import adding, importing, uploading
from flowbuilder.modelhub.generation import desk
from flowbuilder.modelhub.runtime.request import Request


@shared_task(acks_late=False)
def generate(request: dict[str, Any]) -> None:
    # Acknowledged at once: whoever asked listens, and asks again when this worker dies.
    tuples = {name: tuple(request[name]) for name in ("stop", "answers")}
    desk().serve(Request(**{**request, **tuples}))


@shared_task
def import_version(version_id: str) -> None:
    importing.import_version(version_id)


@shared_task
def read_files(version_id: str) -> None:
    adding.read_files(version_id)


@shared_task
def upload(upload_id: str) -> None:
    uploading.upload(upload_id)


@shared_task
def sweep() -> None:
    adding.sweep()
    uploading.sweep()


@worker_ready.connect
def warm_up(**_: Any) -> None:
    if os.environ.get("FLOWBUILDER_WORKER_KIND") == "gpu":
        threading.Thread(target=lambda: desk().warm(), daemon=True, name="warm-up").start()
