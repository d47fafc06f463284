"""A database that is up to date, made once on a machine: to migrate an empty one takes longer than most tests."""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def migrated_database() -> Path:
    """A SQLite file with every table and no rows; to be copied."""
    folder = Path(tempfile.gettempdir()) / f"flowbuilder-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    made = folder / f"{digest()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes that run side by side make one
        if not made.exists():
            make(made)
    return made


def digest() -> str:
    """Of all that says what the tables are: the migrations, and which packages bring some of their own."""
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "flowbuilder").glob("**/migrations/*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def make(made: Path) -> None:
    with tempfile.TemporaryDirectory(dir=made.parent) as home:
        variables = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        variables |= {"FLOWBUILDER_HOME": home, "DJANGO_SETTINGS_MODULE": "flowbuilder.settings"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=variables, check=True)
        (Path(home) / "db.sqlite3").rename(made)
