"""Jobs as rows: taken once, ended once, told to the run that waits; the gate refuses guesswork."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Model
from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.runs.models import Run, RunEvent, Wait
from flowbuilder.training import memory, services, work
from flowbuilder.training.models import Job, JobStatus
from flowbuilder.training.orders import name_of
from flowbuilder.training.queue import keep_lease, take_lease
from flowbuilder.training.recipes.classifier import ClassifierJob
from flowbuilder.training.recipes.dpo import DpoJob
from flowbuilder.training.recipes.kto import KtoJob
from flowbuilder.training.recipes.orpo import OrpoJob
from flowbuilder.training.recipes.ppo import PpoJob
from flowbuilder.training.recipes.practice import PracticeJob
from flowbuilder.training.recipes.preferences import PreferenceJob
from flowbuilder.training.recipes.pretraining.config import PretrainConfig
from flowbuilder.training.recipes.reward_model import RewardModelJob
from flowbuilder.training.recipes.rloo import RlooJob
from flowbuilder.training.recipes.sft import SftJob
from flowbuilder.training.reports import Reporter
from nodes.base import NodeError
from nodes.training.classifier import TrainClassifier
from nodes.training.fine_tune import PPO_ONLY, FineTune
from nodes.training.preference import TrainPreference
from nodes.training.reward_model import TrainRewardModel
from nodes.training.sft import TrainSft
from tests.training.conftest import RULES

pytestmark = pytest.mark.django_db
PAIRS = {"pairs": [{"prompt": "Say 1.", "chosen": "1", "rejected": "one and so on"}]}
LABELLED = {"labelled": [{"text": "Where?", "label": "question"}, {"text": "Two.", "label": "order"}]}
EXAMPLES = {"examples": [{"prompt": "Say 1.", "completion": "1"}]}


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
        workspace_id=parent.workspace_id,
        parent=parent,
        folder=STARTER,
        kind="reward",
        name="taste",
        job="j",
        metrics=figures,
    )


def test_the_same_key_is_the_same_job(start):
    assert start(wait_key="job:1").pk == start(wait_key="job:1").pk


def test_a_job_is_taken_once(start):
    job = start()
    assert take_lease(job.pk).fence == 1
    assert take_lease(job.pk) is None


def test_an_expired_lease_is_taken_over_and_the_old_holder_writes_no_more(start):
    old = take_lease(start().pk)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    services.let_go_of_lost()
    new = take_lease(old.pk)
    assert new.fence == old.fence + 1
    work.end(old, JobStatus.FAILED, "from the past")
    assert not keep_lease(old) and keep_lease(new)
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
        ({"recipe": "dpo", "data": {"pairs": []}}, "give 'pairs'"),
        ({"recipe": "dpo", "data": PAIRS, "settings": {"kl": 0.1}}, "'kl'"),
        ({"recipe": "sft", "data": {"examples": []}}, "give 'examples'"),
        ({"recipe": "sft", "data": {"examples": [{"prompt": "x"}]}}, "'completion' is missing"),
        ({"recipe": "pretrain", "data": {"texts": [" "]}}, "give 'texts'"),
        ({"recipe": "ppo", "processes": 2}, "trains in one process"),
        ({"recipe": "grpo", "processes": 3}, "'prompts_per_step' is 8, which 3 processes cannot share"),
        ({"recipe": "sft", "data": EXAMPLES, "processes": 3}, "'batch_size' is 8, which 3 processes"),
        ({"recipe": "pretrain", "data": {"texts": ["a"]}, "settings": {"name": "starter"}}, "another name"),
        (
            {"recipe": "classifier", "data": {"labelled": LABELLED["labelled"][:1]}},
            "at least two labels, and has 1",
        ),
        ({"recipe": "rloo", "settings": {"clip": 0.1}}, "'clip' is a setting of PPO"),
    ],
)
def test_a_bad_order_is_named_and_leaves_no_job(start, order, why):
    with pytest.raises(NodeError, match=why):
        start(**order)
    assert not Job.objects.exists()


def test_what_the_child_says_is_stored_and_reaches_the_waiting_node(start, waiting_run):
    job = start(run_id=waiting_run.pk, node_id="tune")
    reporter = Reporter(take_lease(job.pk))
    reporter.take({"event": "metrics", "step": 1, "steps": 3, "reward": 0.25})
    reporter.take({"event": "sample", "step": 1, "prompt": "Say 1.", "answer": "1", "reward": 1.0})
    reporter.take({"event": "metrics", "step": 1, "steps": 3, "reward": 0.5})  # a resumed job repeats a step
    job.refresh_from_db()
    assert (job.step, job.metrics.get().values, job.samples.get().answer) == (1, {"reward": 0.5}, "1")
    event = RunEvent.objects.get(run=waiting_run)
    assert (event.type, event.node, event.data["reward"]) == ("node.report", "tune", 0.25)


def test_a_run_that_a_worker_holds_is_not_written_to(start, waiting_run):
    Run.objects.update(status="running")
    reporter = Reporter(take_lease(start(run_id=waiting_run.pk, node_id="tune").pk))
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
    work.run_waiting()
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED and "5 times" in job.error


ORDERS = [
    ({"recipe": "sft", "data": EXAMPLES, "settings": {"lora_rank": 4, "batch_size": 2}}, SftJob, "examples"),
    ({"recipe": "dpo", "data": PAIRS, "settings": {"beta": 0.3}}, DpoJob, "pairs"),
    ({"recipe": "kto", "data": PAIRS}, KtoJob, "pairs"),
    ({"recipe": "orpo", "data": PAIRS}, OrpoJob, "pairs"),
    ({"recipe": "rloo", "settings": {"kl": 0.1, "reward_model_weight": 2}}, RlooJob, "prompts"),
    ({"recipe": "classifier", "data": LABELLED, "settings": {"batch_size": 2}}, ClassifierJob, "labelled"),
    ({"recipe": "ppo", "settings": {"target_kl": 0.3, "epochs": 2, "clip": None}}, PpoJob, "prompts"),
]


@pytest.mark.parametrize(("order", "kind", "data"), ORDERS, ids=lambda value: value and str(value)[:30])
def test_what_was_ordered_is_what_the_recipe_is_told(start, order, kind, data):
    job = start(**order)
    told = kind.model_validate_json(work.write_config(job).read_text())
    for name, value in order.get("settings", {}).items():
        if value is not None and name != "reward_model_weight":
            assert getattr(told, name) == value
    assert getattr(told, data) and told.model == job.base.folder


def test_a_pre_training_starts_from_nothing_and_is_told_a_size(start):
    order = {
        "recipe": "pretrain",
        "model": "",
        "data": {"texts": ["Some text."]},
        "settings": {"size": "tiny"},
    }
    job = start(**order)
    told = PretrainConfig.model_validate_json(work.write_config(job).read_text())
    assert (job.base, told.texts, told.steps, told.hidden_size) == (None, ["Some text."], 2000, 64)
    assert told.samples_every == 50 and not told.copying and told.log_every == 4
    assert 100_000 < job.estimate["parameters"] < 300_000 and job.estimate["needed"] > 2**30
    assert name_of("pretrain", {}, None) == "own" and name_of("pretrain", {"name": "x"}, None) == "x"


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        (TrainSft, SftJob),
        (TrainPreference, PreferenceJob),
        (TrainRewardModel, RewardModelJob),
        (TrainClassifier, ClassifierJob),
        (FineTune, PracticeJob),
        (FineTune, PpoJob),
    ],
)
def test_a_node_and_its_recipe_have_the_same_defaults(node, kind):
    """Whoever orders over HTTP and names nothing gets what the form shows."""
    shared = (node.model_fields.keys() & kind.model_fields.keys()) - {
        "model",
        "prompts",
        "examples",
        "labelled",
    }
    assert {"steps", "learning_rate", "lora_rank", "seed"} <= shared
    for name in shared - set(PPO_ONLY):
        assert node.model_fields[name].default == kind.model_fields[name].default, name


def test_a_job_says_what_it_will_need(start):
    told = start(recipe="dpo", data=PAIRS, settings={"lora_rank": 4}).estimate
    assert told["parameters"] == told["weights"] / 4 - told["trained"] == 1_969_840
    assert told["needed"] > told["weights"] + told["process"] and told["reference"] == 0


def test_what_this_machine_has_no_memory_for_is_refused(start, monkeypatch):
    monkeypatch.setattr(memory, "machine", lambda: 2**28)
    with pytest.raises(NodeError, match=r"needs about .* this machine has 230 MiB for it"):
        start()
    assert not Job.objects.exists()


def test_a_worker_on_a_smaller_machine_ends_it_with_the_reason(start, monkeypatch):
    job = start()
    monkeypatch.setattr(memory, "main_memory", lambda: 2**28)
    work.run_waiting()
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED and "this machine has 230 MiB" in job.error
