"""The Celery application: queues ``flow``, ``gpu`` and ``train``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flowbuilder.settings")

app = Celery("flowbuilder")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

from flowbuilder import worker_heartbeat  # noqa: E402, F401 - connects its signals
