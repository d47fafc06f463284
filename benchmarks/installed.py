"""A real installation to measure: started in a folder of its own, waited for until it idles."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.installation import Installation, free_port


@contextmanager
def installed(environment: Mapping[str, str] | None = None) -> Iterator[Installation]:
    with TemporaryDirectory() as home:
        installation = Installation(home=Path(home), port=free_port(), environment=dict(environment or {}))
        installation.start()
        try:
            settle(installation)
            yield installation
        finally:
            installation.stop()


def settle(installation: Installation, seconds: float = 120) -> None:
    """Workers still load libraries and the starter model when the web process already answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = cpu_seconds(installation)
        time.sleep(2)
        if cpu_seconds(installation) - before < 0.3:
            return
    raise TimeoutError(f"the installation did not come to rest within {seconds} s")


def cpu_seconds(installation: Installation, part: str = "") -> float:
    """Processor time so far of all its processes, ended ones too, or of those with ``part`` in their command."""
    total = 0.0
    for process in psutil.Process(installation.process.pid).children(recursive=True):
        try:
            if part in " ".join(process.cmdline()):
                total += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return total
