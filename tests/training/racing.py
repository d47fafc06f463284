"""``python -m tests.training.racing FOLDER``: a worker that takes jobs and devices as fast as it can.

Whoever gets a device makes a file of its name, which must not be there: it would be another job's.
"""

import os
import sys
import time
from importlib import metadata
from pathlib import Path

import django

folder = Path(sys.argv[1])
metadata.version = lambda name: "2.13.0"  # a torch that can use GPUs
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flowbuilder.settings")
django.setup()

from flowbuilder.training.models import Job, JobStatus  # noqa: E402
from flowbuilder.training.queue import take_next  # noqa: E402
from flowbuilder.training.work import end  # noqa: E402

(folder / f"ready-{os.getpid()}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
while Job.objects.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING]).exists():
    taken = take_next()
    if taken is None:
        continue
    marks = [folder / f"held-{device.uuid}" for device in taken.devices]
    for mark in marks:
        with mark.open("x"):  # fails where another job holds it
            pass
    time.sleep(0.02)
    print(taken.job.pk, *(device.uuid for device in taken.devices), flush=True)
    for mark in marks:
        mark.unlink()
    end(taken.job, JobStatus.FAILED, "the race is over")
