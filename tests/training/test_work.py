"""A worker and its child process: paused, cancelled, killed, out of room; each end is told, each pause can go on."""

import os
import signal
import subprocess

import pytest
from django.db.models.signals import post_save

from flowbuilder.runs.models import Run, Wait
from flowbuilder.training import locks, services, work
from flowbuilder.training.models import Job, JobMetric, JobSample, JobStatus, TrainingDevice
from flowbuilder.training.queue import Taken, take_next
from tests.training.conftest import RULES

pytestmark = pytest.mark.django_db
A_STEP = 'say("metrics", step=1, steps=3, reward=0.5)'
ANOTHER = 'say("metrics", step=2, steps=3, reward=0.7)'
PAUSED = 'say("paused", step=2)'
GO_ON = "go_on()"
PAUSING = ["listen(pausing)", A_STEP, GO_ON]
DEAF = ["listen(signal.SIG_IGN)", A_STEP, GO_ON]
KILLED = "os.kill(os.getpid(), 9)"


@pytest.fixture
def after_a_step():
    """``after_a_step(Job.objects.update, cancel_requested=True)``, once the first step is stored."""
    undo = []

    def after_a_step(do, **fields):
        def receiver(**_):
            do(**fields)

        post_save.connect(receiver, sender=JobMetric, weak=False)
        undo.append(receiver)

    yield after_a_step
    for receiver in undo:
        post_save.disconnect(receiver, sender=JobMetric)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(work, "HEARTBEAT", 0.0)


def trained(job) -> Job:
    work.run_waiting()
    return Job.objects.get(pk=job.pk)


def test_a_pause_lets_it_finish_its_step_and_frees_the_device(start, recipe, after_a_step):
    recipe(*PAUSING)
    after_a_step(Job.objects.update, pause_requested=True)
    job = trained(start())
    assert (job.status, job.step, job.ended_at, job.pause_requested) == (JobStatus.PAUSED, 2, None, False)
    assert TrainingDevice.objects.get().job is None


def test_a_paused_job_goes_on_and_ends(start, recipe, after_a_step):
    recipe(*PAUSING)
    after_a_step(Job.objects.update, pause_requested=True)
    job = trained(start())
    recipe('say("failed", error="it diverged")', "sys.exit(1)")
    services.resume_job(job)
    assert trained(job).error == "it diverged"


def test_a_run_waits_on_while_its_job_is_paused(start, recipe, after_a_step, asker):
    from flowbuilder.flows.services import create_flow

    run = Run.objects.create(
        workspace=asker.workspace, flow=create_flow(asker=asker, name="x"), graph={}, status="waiting"
    )
    Wait.objects.create(run=run, node_id="tune", key="job:1")
    recipe(*PAUSING)
    after_a_step(Job.objects.update, pause_requested=True)
    job = trained(start(wait_key="job:1", run_id=run.pk))
    services.sweep()
    assert job.status == JobStatus.PAUSED and Wait.objects.get().resolved_at is None
    services.cancel_job(job)
    assert "cancelled" in Wait.objects.get().answer["error"]


def test_what_does_not_listen_is_killed_and_still_paused(start, recipe, after_a_step, monkeypatch):
    monkeypatch.setattr(work, "PAUSE_PATIENCE", 0.1)
    recipe(*DEAF)
    after_a_step(Job.objects.update, pause_requested=True)
    assert trained(start()).status == JobStatus.PAUSED


def test_to_cancel_what_is_being_paused_waits_less(start, recipe, after_a_step, monkeypatch):
    monkeypatch.setattr(work, "CANCEL_PATIENCE", 0.1)
    recipe(*DEAF)
    after_a_step(Job.objects.update, pause_requested=True, cancel_requested=True)
    assert trained(start()).status == JobStatus.CANCELLED


def test_a_worker_that_died_while_it_paused_leaves_a_paused_job(start):
    job = take_next_of(start()).job
    Job.objects.update(pause_requested=True, lease_until=job.created_at)
    services.sweep()
    job.refresh_from_db()
    assert (job.status, job.pause_requested) == (JobStatus.PAUSED, False)


def test_a_worker_that_died_while_it_cancelled_leaves_a_cancelled_job(start):
    job = take_next_of(start()).job
    Job.objects.update(cancel_requested=True, lease_until=job.created_at)
    services.sweep()
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def take_next_of(job) -> Taken:
    taken = take_next()
    assert taken.job.pk == job.pk
    return taken


def test_a_killed_child_goes_on_until_it_gets_no_further(start, recipe):
    recipe(A_STEP, KILLED)
    job = trained(start())
    assert job.status == JobStatus.FAILED and job.lives == work.MAX_LIVES
    assert "signal 9, perhaps for memory" in job.error


def test_a_child_that_is_killed_before_its_first_step_is_not_tried_for_ever(start, recipe):
    recipe(KILLED)
    assert trained(start()).lives == work.MAX_LIVES_IN_PLACE


@pytest.mark.parametrize(
    ("stderr", "why"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("torch.OutOfMemoryError: CUDA out of memory. Tried", "GPU's memory was not enough"),
        ("DefaultCPUAllocator: can't allocate memory: you tried", "machine's memory was not enough"),
        ("KeyError: 'x'", "the job's log says why"),
    ],
)
def test_what_the_recipe_could_not_say_itself_is_read_from_its_log(start, recipe, stderr, why):
    recipe(f'sys.exit("{stderr}")')
    assert why in trained(start()).error


@pytest.fixture
def small_disk():
    """``small_disk(folder)`` mounts 64 kB there, where this user may; else the test is left out."""
    mounted = []

    def small_disk(folder) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("only root may mount a small disk")
        mounted.append(folder)

    yield small_disk
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_under_the_worker_ends_the_job_with_the_reason(start, recipe, small_disk):
    recipe(A_STEP)
    job = start(data={**RULES, "prompts": [{"prompt": "Say 1." * 20_000}]})
    small_disk(job.folder)
    job = trained(job)
    assert (job.status, job.error) == (
        JobStatus.FAILED,
        "Its training could not be started or kept: No space left on device.",
    )
    assert TrainingDevice.objects.get().job is None


def test_a_full_disk_under_the_recipe_ends_the_job_and_it_goes_on_once_there_is_room(
    start, recipe, small_disk
):
    folder = "os.path.dirname(sys.argv[-1])"
    recipe(A_STEP, f'open({folder} + "/checkpoint", "wb").write(bytes(10**6))')
    job = start()
    small_disk(job.folder)
    job = trained(job)
    assert (job.status, job.step) == (JobStatus.FAILED, 1) and "disk is full" in job.error
    (job.folder / "checkpoint").unlink()
    recipe(ANOTHER, PAUSED)
    services.resume_job(job)
    assert trained(job).step == 2


def test_a_holder_that_was_replaced_writes_nothing_more(start, recipe, after_a_step):
    recipe(A_STEP, ANOTHER, 'say("sample", step=2, prompt="x", answer="y", reward=1.0)', GO_ON)
    after_a_step(Job.objects.update, fence=7)
    job = trained(start())
    assert (job.status, job.step, job.metrics.count()) == (JobStatus.RUNNING, 1, 1)
    assert not JobSample.objects.exists()


def test_a_signal_from_elsewhere_is_no_end(start, recipe, after_a_step, monkeypatch):
    """A machine that is shut down asks all its processes to stop."""
    recipe(A_STEP, ANOTHER, PAUSED)
    monkeypatch.setattr(work, "take_next", iter([take_next_after(start), None]).__next__)
    work.run_waiting()
    assert Job.objects.get().status == JobStatus.QUEUED


def take_next_after(start):
    start()
    return take_next()


def test_processes_of_a_lapsed_lease_are_ended_before_another_trains(start, recipe):
    """A frozen worker's child still trains in the folder: the next one would meet its writes."""
    recipe(A_STEP, GO_ON)
    taken = take_next_of(start())
    child = work.launched(taken.job, taken.devices)
    os.close(locks.claim(taken.job.folder / "lock"))
    assert child.process.wait(5) == -signal.SIGKILL


def test_a_lock_in_hands_that_may_not_be_touched_leaves_the_job_waiting(start, recipe, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    recipe(A_STEP)
    job = start()
    held = locks.claim(job.folder / "lock")
    assert trained(job).status == JobStatus.QUEUED and TrainingDevice.objects.get().job is None
    os.close(held)


def test_the_child_sees_its_own_gpus_alone(start, recipe, with_gpus):
    with_gpus(3)
    recipe('sys.exit("sees " + os.environ["CUDA_VISIBLE_DEVICES"])')
    job = trained(start(processes=2))
    assert "sees GPU-00,GPU-11\n" in (job.folder / "log").read_text()
