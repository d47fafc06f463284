"""A flow that trains, disturbed: its worker killed, its job paused, overtaken, cancelled."""

import signal

import psutil
import pytest

from tests.installation import wait_until
from tests.training.live import ended, jobs_of, recipes_below, rlhf

pytestmark = [pytest.mark.integration, pytest.mark.slow]


def test_a_training_is_paused_goes_on_and_outlives_its_worker(app, client, start_run):
    run = start_run(rlhf(steps=16))
    job = wait_until(lambda: at_step(client, run, 3), seconds=240, what="the third step")

    def now() -> dict:
        return client.get(f"/api/jobs/{job['id']}").json()

    assert client.post(f"/api/jobs/{job['id']}/pause").status_code == 202
    paused = wait_until(lambda: now() if now()["status"] == "paused" else None, seconds=60, what="the pause")
    assert 3 <= paused["step"] <= 10 and client.get(f"/api/runs/{run}").json()["status"] == "waiting"
    assert not [device for device in client.get("/api/devices").json() if device["busy"]]
    assert client.post(f"/api/jobs/{job['id']}/resumption").status_code == 202

    further = paused["step"] + 2
    wait_until(lambda: at_step(client, run, further), seconds=240, what="two steps more")
    (recipe,) = recipes_below(app)
    recipe.parent().send_signal(signal.SIGKILL)
    psutil.wait_procs([recipe], timeout=10)
    assert not recipe.is_running() or recipe.status() == psutil.STATUS_ZOMBIE
    state = wait_until(lambda: ended(client, run), seconds=240, what="the run's end")
    assert state["status"] == "finished", state
    log = (app.home / "jobs" / job["id"] / "log").read_text()
    assert "Resuming" in log or "checkpoint" in log
    steps = [row["step"] for row in now()["metrics"]]
    assert steps == list(range(1, 17)) and now()["seconds_left"] is None


def at_step(client, run: str, step: int) -> dict | None:
    """The run's GRPO job, once it is there."""
    return next(
        (job for job in jobs_of(client, run) if job["recipe"] == "grpo" and job["step"] >= step), None
    )


def test_cancelling_the_run_stops_its_training(app, client, start_run):
    run = start_run(rlhf(steps=400))
    wait_until(lambda: recipes_below(app), seconds=60, what="the training")
    client.post(f"/api/runs/{run}/cancellation").raise_for_status()
    wait_until(lambda: not recipes_below(app), seconds=60, what="the training's end")
    (job,) = jobs_of(client, run)
    wait_until(lambda: jobs_of(client, run)[0]["status"] == "cancelled", seconds=60, what="the job's end")
    assert client.post(f"/api/jobs/{job['id']}/resumption").status_code == 202
    wait_until(lambda: recipes_below(app), seconds=90, what="the resumed training")
    client.post(f"/api/jobs/{job['id']}/cancellation").raise_for_status()
    wait_until(lambda: not recipes_below(app), seconds=60, what="the second end")
