"""Which job goes next, and on what: the highest priority first, and no device in two hands."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from flowbuilder.accounts.errors import ApiError
from flowbuilder.training import devices, services
from flowbuilder.training.models import Job, JobStatus, TrainingDevice
from flowbuilder.training.queue import keep_lease, position, put_back, take_next
from tests.installation import wait_until
from tests.training.conftest import make_gpus

WORKERS, GPUS = 3, 2


@pytest.mark.django_db
def test_the_highest_priority_goes_first_and_of_equal_ones_the_oldest(start):
    jobs = [start(), start(priority=5), start(), start(priority=5)]
    assert [position(job) for job in jobs] == [3, 1, 4, 2]
    order = []
    while taken := take_next():
        order.append(jobs.index(taken.job))
        Job.objects.filter(pk=taken.job.pk).update(status=JobStatus.FINISHED)
        devices.give_back(taken.job)
    assert order == [1, 3, 0, 2]


@pytest.mark.django_db
def test_a_raised_job_overtakes(start):
    first, second = start(), start()
    services.set_priority(second, 1)
    assert take_next().job.pk == second.pk and position(first) == 1
    with pytest.raises(ApiError, match="this one is running"):
        services.set_priority(second, 2)


@pytest.mark.django_db
def test_a_processor_trains_one_job_at_a_time_whatever_its_processes(start):
    start(processes=4)
    start()
    assert len(take_next().devices) == 1
    assert take_next() is None


@pytest.mark.django_db
def test_each_process_gets_a_gpu_of_its_own(start, with_gpus):
    with_gpus(3)
    start(processes=2)
    start()
    start()
    pair, single = take_next(), take_next()
    assert [device.index for device in (*pair.devices, *single.devices)] == [0, 1, 2]
    assert take_next() is None


@pytest.mark.django_db
def test_nothing_smaller_is_let_past_a_job_that_waits_for_gpus_of_this_machine(start, with_gpus):
    with_gpus(2)
    start()
    take_next()
    start(processes=2)
    start()
    assert take_next() is None


@pytest.mark.django_db
def test_a_job_for_a_larger_machine_holds_up_nobody_here(start, with_gpus):
    with_gpus(2)
    start(processes=4)
    small = start()
    assert take_next().job.pk == small.pk


@pytest.mark.django_db
def test_an_administrator_keeps_gpus_from_a_worker_as_from_cuda(with_gpus, monkeypatch):
    with_gpus(3)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,GPU-00")
    assert [device.index for device in devices.announce()] == [0, 2]


@pytest.mark.django_db
def test_devices_are_kept_with_the_lease_and_no_longer(start):
    old = take_next_of(start())
    far = timezone.now() + timedelta(seconds=10)
    assert keep_lease(old) and TrainingDevice.objects.get().lease_until > far
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.update(lease_until=past)
    TrainingDevice.objects.update(lease_until=past)
    services.let_go_of_lost()
    new = take_next_of(old)
    put_back(old)
    assert not keep_lease(old)
    devices.give_back(old)
    assert TrainingDevice.objects.get().fence == new.fence and TrainingDevice.objects.get().job == new


def take_next_of(job) -> Job:
    taken = take_next()
    assert taken.job.pk == job.pk
    return taken.job


@pytest.fixture
def elsewhere(transactional_db, tmp_path):
    """The environment of processes that see this test's database."""
    make_gpus(tmp_path, GPUS)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    if connection.vendor == "postgresql":
        url, _, _ = os.environ["DATABASE_URL"].partition("?")
        query = os.environ["DATABASE_URL"].partition("?")[2]
        base = url.rsplit("/", 1)[0]
        return environment | {"DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}?{query}"}
    return environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}


@pytest.mark.integration
def test_workers_that_race_never_get_the_same_gpu(elsewhere, start, tmp_path):
    jobs = [start(processes=1 + number % 2, priority=number % 3) for number in range(12)]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(tmp_path / "db.sqlite3")])
        # As an installation has it: whoever turns it on needs the file for itself, and does not wait for it.
        with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as copied:
            copied.execute("PRAGMA journal_mode=WAL")
    command = [sys.executable, "-m", "tests.training.racing", str(tmp_path)]
    workers = [
        subprocess.Popen(
            command,
            env=elsewhere,
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(WORKERS)
    ]
    try:
        wait_until(
            lambda: len(list(tmp_path.glob("ready-*"))) == WORKERS, seconds=60, what="the workers' start"
        )
        (tmp_path / "go").touch()
        told = [worker.communicate(timeout=60) for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
    assert [worker.returncode for worker in workers] == [0] * WORKERS, told
    rows = dict(line.split(" ", 1) for out, _ in told for line in out.splitlines())
    assert {str(job.pk): job.processes for job in jobs} == {
        pk: len(found.split()) for pk, found in rows.items()
    }
