"""The folder that holds all data: its secret key, its files, its embedded Redis."""

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

FOLDERS = ("files", "models", "shelf", "jobs", "redis", "static", "logs")


def prepare_home(path: str | os.PathLike[str]) -> Path:
    """Create the folder, readable by its owner only, and return it absolute."""
    home = Path(path).expanduser().resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (home / name).mkdir(mode=0o700, exist_ok=True)
    return home


def secret_key(home: Path) -> str:
    """Django's signing key, made once."""
    return _once(home / "secret-key", lambda: secrets.token_urlsafe(50))


def redis_url(home: Path) -> str:
    """Address of the embedded Redis: a private port and password, chosen once for this home."""
    port = _once(home / "redis" / "port", lambda: str(_free_port()))
    password = _once(home / "redis" / "password", lambda: secrets.token_urlsafe(24))
    return f"redis://:{password}@127.0.0.1:{port}/0"


def mail_server(address: str) -> tuple[str, int, str, str, bool, bool]:
    """Host, port, user, password, TLS from the first byte, and STARTTLS, of ``smtp://user:password@host:587``.

    On this machine letters may go in the clear, as those of flows do.
    """
    parts = urlsplit(address)
    whole = parts.scheme == "smtps"
    host = parts.hostname or "localhost"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    starts = not whole and host not in {"localhost", "127.0.0.1", "::1"}
    return host, parts.port or (465 if whole else 587), user, password, whole, starts


def _once(path: Path, make: Callable[[], str]) -> str:
    # O_EXCL: two processes that start together must agree on one value.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(make())
    return path.read_text().strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
