"""In a running installation: questions are answered while a long document is embedded, and a killed worker's successor goes on."""

import os
import signal
import time

import psutil
import pytest

from tests.installation import wait_until

pytestmark = [pytest.mark.integration, pytest.mark.slow]
LONG = "\n\n".join(
    f"## Record {number}\n\nRecord {number} of the protocol has a weight, a state and {number} more fields. "
    * 2
    for number in range(4000)
)
"""As many characters as 300 pages: hours, on a busy machine."""
PROMPT = 8
"""Seconds; without their turn questions wait ten for the worker, and then are answered by words alone."""


@pytest.fixture
def client(breakable_app):
    with breakable_app.client() as client:
        yield client


@pytest.fixture
def base(client):
    return client.post("/api/knowledge", json={"name": f"Protocol {time.time()}"}).json()["id"]


@pytest.fixture
def document(client, base):
    """A long one that is being embedded."""
    path = f"/api/documents/{client.post(f'/api/knowledge/{base}/texts', json={'text': LONG, 'name': 'long'}).json()['id']}"
    wait_until(lambda: client.get(path).json()["done"] > 8, seconds=120, what="its first batches")
    yield path
    client.delete(path)


def add_and_wait(client, base, text):
    path = f"/api/documents/{client.post(f'/api/knowledge/{base}/texts', json={'text': text}).json()['id']}"
    wait_until(lambda: client.get(path).json()["status"] == "ready", seconds=120, what="the short document")


def test_questions_are_answered_promptly_meanwhile(client, base):
    add_and_wait(client, base, "# Locker\n\nA locker is a cabinet from which people fetch parcels.")
    path = f"/api/documents/{client.post(f'/api/knowledge/{base}/texts', json={'text': LONG}).json()['id']}"
    wait_until(lambda: client.get(path).json()["done"] > 8, seconds=120, what="its first batches")
    taken = []
    for question in ("Where do I fetch my parcel?", "What is a locker?", "the cabinet for recipients"):
        started = time.monotonic()
        hits = client.get(f"/api/knowledge/{base}/search", params={"q": question}).json()
        taken.append(time.monotonic() - started)
        assert "locker" in hits[0]["text"] and hits[0]["parts"]["dense"] is not None
    row = client.get(path).json()
    assert row["status"] == "indexing" and row["passages"] == 0
    assert max(taken) < PROMPT, taken
    client.delete(f"{path}/indexing")
    assert client.get(path).json()["status"] == "cancelled"


def test_a_killed_worker_s_successor_goes_on_behind_it(breakable_app, client, document):
    before = client.get(document).json()
    for worker in _workers(breakable_app):
        os.kill(worker.pid, signal.SIGKILL)
    after = wait_until(
        lambda: (row := client.get(document).json())["done"] > before["done"] + 16 and row,
        seconds=120,
        what="more of it",
    )
    assert after["status"] == "indexing" and after["planned"] == before["planned"] and not after["error"]


def _workers(app):
    children = psutil.Process(app.process.pid).children(recursive=True)
    return [child for child in children if "gpu" in child.cmdline()]
