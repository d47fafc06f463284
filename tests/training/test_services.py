"""Jobs as rows: taken once, ended once, told to the run that waits; the gate refuses guesswork."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Model
from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.runs.models import Run, RunEvent, Wait
from flowbuilder.training import services, work
from flowbuilder.training.models import Job, JobStatus
from nodes.base import NodeError

pytestmark = pytest.mark.django_db
RULES = {"prompts": [{"prompt": "Say 1."}], "rewards": [{"kind": "length", "most": 5}]}


@pytest.fixture
def start(workspace):
    def start(**fields) -> Job:
        order = {"recipe": "grpo", "model": "starter", "settings": {"steps": 3}, "data": RULES, **fields}
        return services.start_job(workspace_id=workspace.pk, **order)

    return start


@pytest.fixture
def waiting_run(asker):
    from flowbuilder.flows.services import create_flow

    run = Run.objects.create(
        workspace=asker.workspace, flow=create_flow(asker=asker, name="x"), graph={}, status="waiting"
    )
    Wait.objects.create(run=run, node_id="tune", key=f"job:{run.pk}:tune")
    return run


def reward_model(workspace, accuracy: float, pairs: int):
    parent = Model.objects.get(workspace=workspace, name="starter").versions.get()
    figures = {"accuracy": accuracy, "held_out_pairs": float(pairs)}
    return registry.register_trained(
        parent=parent, folder=STARTER, kind="reward", name="taste", job="j", metrics=figures
    )


def test_the_same_key_is_the_same_job(start):
    assert start(wait_key="job:1").pk == start(wait_key="job:1").pk


def test_a_job_is_taken_once(start):
    job = start()
    assert work.take_lease(job.pk).fence == 1
    assert work.take_lease(job.pk) is None


def test_an_expired_lease_is_taken_over_and_the_old_holder_writes_no_more(start):
    old = work.take_lease(start().pk)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    new = work.take_lease(old.pk)
    assert new.fence == old.fence + 1
    work.end(old, JobStatus.FAILED, "from the past")
    assert not work.keep_lease(old) and work.keep_lease(new)
    assert Job.objects.get().status == JobStatus.RUNNING


def test_the_gate_refuses_a_reward_model_that_guesses(start, workspace):
    reward_model(workspace, accuracy=0.54, pairs=50)
    with pytest.raises(NodeError, match="54% of held-out pairs, near chance"):
        start(data={**RULES, "reward_model": "taste"})


@pytest.mark.parametrize(("accuracy", "pairs"), [(0.9, 50), (0.5, 4)])
def test_the_gate_lets_pass_what_is_good_or_too_little_to_tell(start, workspace, accuracy, pairs):
    reward_model(workspace, accuracy, pairs)
    assert start(data={**RULES, "reward_model": "taste"}).status == JobStatus.QUEUED


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"model": "nope"}, "no model 'nope'"),
        ({"settings": {"steps": 0}}, "'steps'"),
        ({"settings": {"tricks": 1}}, "'tricks'"),
        ({"data": {"prompts": [], "rewards": []}}, "prompts"),
        ({"data": {"prompts": [{"prompt": "x"}]}}, "Nothing says"),
        ({"recipe": "reward_model", "data": {"pairs": [{"prompt": "x"}]}}, "chosen"),
    ],
)
def test_a_bad_order_is_named_and_leaves_no_job(start, order, why):
    with pytest.raises(NodeError, match=why):
        start(**order)
    assert not Job.objects.exists()


def test_what_the_child_says_is_stored_and_reaches_the_waiting_node(start, waiting_run):
    job = start(run_id=waiting_run.pk, node_id="tune")
    reporter = work.Reporter(work.take_lease(job.pk))
    reporter.take({"event": "metrics", "step": 1, "steps": 3, "reward": 0.25})
    reporter.take({"event": "sample", "step": 1, "prompt": "Say 1.", "answer": "1", "reward": 1.0})
    reporter.take({"event": "metrics", "step": 1, "steps": 3, "reward": 0.5})  # a resumed job repeats a step
    job.refresh_from_db()
    assert (job.step, job.metrics.get().values, job.samples.get().answer) == (1, {"reward": 0.5}, "1")
    event = RunEvent.objects.get(run=waiting_run)
    assert (event.type, event.node, event.data["reward"]) == ("node.report", "tune", 0.25)


def test_a_run_that_a_worker_holds_is_not_written_to(start, waiting_run):
    Run.objects.update(status="running")
    reporter = work.Reporter(work.take_lease(start(run_id=waiting_run.pk, node_id="tune").pk))
    reporter.take({"event": "metrics", "step": 1, "steps": 3, "reward": 0.25})
    assert not RunEvent.objects.exists()


def test_a_cancelled_job_answers_the_run_that_waits(start, waiting_run):
    services.cancel_job(start(wait_key=f"job:{waiting_run.pk}:tune"))
    assert "cancelled" in Wait.objects.get().answer["error"]
    assert Run.objects.get().status == "queued"


def test_a_run_that_began_to_wait_after_the_end_is_told_by_the_sweep(start, waiting_run):
    start(wait_key=f"job:{waiting_run.pk}:tune")
    Job.objects.update(status=JobStatus.FAILED, error="it diverged")
    services.sweep()
    assert Wait.objects.get().answer == {"error": "it diverged"}


def test_the_failed_job_of_a_resumed_run_goes_on(start):
    start(wait_key="job:1")
    Job.objects.update(status=JobStatus.FAILED, error="it diverged", lives=5)
    again = start(wait_key="job:1")
    again.refresh_from_db()
    assert (again.status, again.error, again.lives) == (JobStatus.QUEUED, "", 0)


def test_only_what_stopped_is_resumed(start):
    from flowbuilder.accounts.errors import ApiError

    with pytest.raises(ApiError, match="this one is queued"):
        services.resume_job(start())


def test_a_job_that_kills_its_workers_is_given_up(start, tmp_path):
    job = start()
    Job.objects.update(lives=work.MAX_LIVES)
    work.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED and "5 times" in job.error
