"""How long it takes: from earlier jobs where there are any, else from the processor; and while it goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flowbuilder.training import duration
from flowbuilder.training.models import Job, JobMetric, JobStatus, Recipe
from flowbuilder.training.orders import ORDERS

pytestmark = pytest.mark.django_db
PAIRS = {"pairs": [{"prompt": "Say 1.", "chosen": "1", "rejected": "one and so on"}]}
EXAMPLES = {
    "examples": [
        {"messages": [{"role": "user", "content": "a" * 30}, {"role": "assistant", "content": "b" * 30}]}
    ]
}


def finished(job: Job, *, each: float, overhead: float = 10.0) -> Job:
    """As if it had ended: so many seconds a step."""
    begun = timezone.now() - timedelta(hours=1)
    at = begun + timedelta(seconds=overhead)
    for step in range(1, job.steps + 1):
        at += timedelta(seconds=each)
        JobMetric.objects.create(job=job, step=step, values={"loss": 1}, at=at)
    fields = {"status": JobStatus.FINISHED, "started_at": begun, "ended_at": at, "lives": 1}
    Job.objects.filter(pk=job.pk).update(**fields)
    return job


def test_a_step_s_arithmetic_is_six_operations_a_parameter_and_token():
    """Kaplan et al. 2020: 8 texts of 60 letters, three letters a token."""
    assert duration.operations("sft", {"batch_size": 8}, EXAMPLES, 1000) == 6 * 1000 * 8 * 20


def test_every_training_recipe_can_be_foretold():
    assert set(duration.PASSES) == set(duration.SHARE) == set(ORDERS) - {Recipe.EVALUATE}


def test_before_anything_was_measured_the_range_is_wide_and_grows_with_the_work(start, monkeypatch):
    monkeypatch.setattr(duration, "matrix_flops", lambda: 1e10)
    short, long = (start(settings={"steps": steps}).estimate for steps in (10, 1000))
    assert short["measured_on"] == 0 and short["seconds"][1] > 4 * short["seconds"][0]
    assert long["seconds"][0] > 10 * short["seconds"][1] / duration.UNMEASURED_SPREAD**2


def test_afterwards_it_comes_from_jobs_of_the_same_recipe(start):
    finished(start(settings={"steps": 20}), each=2.0)
    low, high = start(settings={"steps": 100}).estimate["seconds"]
    assert low < 10 + 100 * 2 < high < 2 * low
    assert start(recipe="dpo", data=PAIRS).estimate["measured_on"] == 0


def test_twice_the_tokens_take_twice_the_time(start):
    finished(start(settings={"steps": 20, "prompts_per_step": 4}), each=1.0, overhead=0)
    one, two = (start(settings={"steps": 100, "prompts_per_step": n}).estimate["seconds"] for n in (4, 8))
    assert two[0] == pytest.approx(2 * one[0], rel=0.05)


def test_what_went_otherwise_is_not_learned_from(start):
    """A job that was killed on its way, one with more processes, one that stopped after a step."""
    jobs = [finished(start(settings={"steps": steps}), each=1.0) for steps in (20, 20, 1)]
    Job.objects.filter(pk=jobs[0].pk).update(lives=2)
    Job.objects.filter(pk=jobs[1].pk).update(processes=2)
    assert start().estimate["measured_on"] == 0


def test_the_rest_is_told_from_the_newest_steps_and_a_pause_does_not_count(start):
    job = start(settings={"steps": 100})
    at = timezone.now()
    for step in range(1, 31):
        at += timedelta(seconds=3600 if step == 15 else 9 if step < 10 else 2)
        JobMetric.objects.create(job=job, step=step, values={}, at=at)
    job.step = 30
    assert duration.seconds_left(job) == pytest.approx(70 * 2)
    assert duration.seconds_left(start()) is None
