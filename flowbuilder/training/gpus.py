"""The GPUs that torch can use here, as ``nvidia-smi`` tells them. No torch, no django."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
from dataclasses import dataclass

ASKED = "index,uuid,name,memory.total"


@dataclass(frozen=True)
class Gpu:
    index: int
    uuid: str
    name: str
    memory: int
    """Bytes."""


def gpus() -> list[Gpu]:
    """None where there is no driver, or where torch was built without CUDA."""
    asked = shutil.which("nvidia-smi")
    if asked is None or importlib.metadata.version("torch").endswith("+cpu"):
        return []
    command = [asked, f"--query-gpu={ASKED}", "--format=csv,noheader,nounits"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except subprocess.TimeoutExpired:
        return []  # a driver that hangs gives no GPU to train on
    found = [gpu for line in told.splitlines() if (gpu := _gpu(line.split(", ")))]
    return [gpu for gpu in found if _allowed(gpu)]


def _allowed(gpu: Gpu) -> bool:
    """What an administrator has kept from this worker, as CUDA itself would."""
    names = os.environ.get("CUDA_VISIBLE_DEVICES")
    return names is None or not {str(gpu.index), gpu.uuid}.isdisjoint(names.split(","))


def _gpu(parts: list[str]) -> Gpu | None:
    """A line; None for what is no GPU, such as a message of the driver."""
    if len(parts) != 4 or not parts[0].isdigit() or not parts[3].strip().isdigit():
        return None
    return Gpu(int(parts[0]), parts[1], parts[2], int(parts[3]) * 2**20)
