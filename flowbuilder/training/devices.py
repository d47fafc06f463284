"""What trains which job: devices are leased in the database, so one GPU is never given to two jobs.

A worker leases only what it sees itself. GPUs are known by their own ids, so two containers that see the same one
compete for the same row; a machine without GPUs is one device, its processor. Whoever takes a job takes its devices
in the same transaction, and both leases are kept and run out together. That the processes of a lapsed lease are
really gone is the matter of ``locks``.
"""

from __future__ import annotations

import os
import platform
import socket
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from flowbuilder.training import memory
from flowbuilder.training.calibration import matrix_flops
from flowbuilder.training.gpus import gpus
from flowbuilder.training.models import DeviceKind, Job, TrainingDevice

SILENT = timedelta(days=1)
"""A device that no worker has announced for so long is not counted on any more."""


def announce() -> list[TrainingDevice]:
    """What this worker can train on, written down for everybody."""
    host = socket.gethostname()
    found: dict[str, dict[str, Any]] = {
        gpu.uuid: {"kind": DeviceKind.GPU, "index": gpu.index, "name": gpu.name, "memory": gpu.memory}
        for gpu in gpus()
    } or {
        f"cpu:{host}": {
            "kind": DeviceKind.CPU,
            "index": 0,
            "name": processor(),
            "memory": memory.main_memory(),
            "flops": matrix_flops(),
        }
    }
    now = timezone.now()
    return [
        TrainingDevice.objects.update_or_create(uuid=uuid, defaults={**told, "host": host, "seen_at": now})[0]
        for uuid, told in found.items()
    ]


def processor() -> str:
    return f"{os.cpu_count()} × {platform.processor() or platform.machine()}"


def needed(job: Job, here: list[TrainingDevice]) -> int:
    """Of the devices here: a GPU for each process, or the one processor for all of them."""
    return 1 if here[0].kind == DeviceKind.CPU else job.processes


def take(job: Job, here: list[TrainingDevice], lease: timedelta) -> list[TrainingDevice]:
    """Lease what the job needs, in the caller's transaction; none where less is free."""
    now, count = timezone.now(), needed(job, here)
    free = Q(job=None) | Q(lease_until__lt=now)
    rows = TrainingDevice.objects.select_for_update().filter(free, uuid__in=[device.uuid for device in here])
    taken = list(rows.order_by("index")[:count])
    if len(taken) < count:
        return []
    uuids = [device.uuid for device in taken]
    TrainingDevice.objects.filter(uuid__in=uuids).update(job=job, fence=job.fence, lease_until=now + lease)
    return taken


def keep(job: Job, until: Any) -> None:
    TrainingDevice.objects.filter(job=job, fence=job.fence).update(lease_until=until)


def give_back(job: Job) -> None:
    TrainingDevice.objects.filter(job=job, fence=job.fence).update(job=None)


def environment(taken: list[TrainingDevice]) -> dict[str, str]:
    """What makes a child see its own GPUs and no others: CUDA takes their ids."""
    return {
        "CUDA_VISIBLE_DEVICES": ",".join(each.uuid for each in taken if each.kind == DeviceKind.GPU),
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
    }


def room() -> int:
    """Bytes that a training can have on the largest device that is known, or on this machine where none is."""
    return max((share_of(device.memory) for device in known()), default=0) or memory.room()


def share_of(bytes_: int) -> int:
    return int(bytes_ * memory.ROOM)


def known() -> Any:
    """Those that workers have announced lately."""
    return TrainingDevice.objects.filter(seen_at__gt=timezone.now() - SILENT)
