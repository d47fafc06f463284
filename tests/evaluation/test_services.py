"""Ordered, pinned to versions, filled once when the job ends, also where its worker died just then."""

import pytest

from flowbuilder.datasets import editing
from flowbuilder.datasets import services as datasets
from flowbuilder.evaluation import gates, services
from flowbuilder.evaluation.models import EvaluatedPrompt, Evaluation
from flowbuilder.modelhub import registry
from flowbuilder.modelhub.models import Model, ModelVersion, Source
from flowbuilder.training import work
from flowbuilder.training.models import Job, JobStatus
from flowbuilder.training.recipes.evaluate import EvaluateJob
from flowbuilder.training.services import start_job
from nodes.base import NodeError

pytestmark = pytest.mark.django_db
DIALOGUE = [{"role": "user", "content": "Prompt 1"}, {"role": "assistant", "content": "yes"}]


def test_an_order_keeps_the_versions_that_names_mean_now(order, asker, trained):
    evaluation = order()
    assert (evaluation.before.ref, evaluation.after) == ("starter@1", trained)
    assert evaluation.job.data["before"] == "starter@1"
    model = Model.objects.get(name="starter")
    registry.set_alias(model=model, name="production", number=2, asker=asker, reason="Only for the test.")
    told = EvaluateJob.model_validate_json(work.write_config(evaluation.job).read_text())
    assert (told.names.before, told.names.after) == ("starter@1", "starter@2")
    assert told.before == evaluation.before.folder and told.model == trained.folder


def test_what_is_ordered_is_what_the_recipe_is_told(order):
    settings = {"samples": 2, "safety": False, "json_schema": '{"type": "object"}', "margin": 0.2}
    job = order(settings=settings, data={"judge": "starter", "source": "support@3"}).job
    told = EvaluateJob.model_validate_json(work.write_config(job).read_text())
    assert (told.samples, told.safety, told.margin, len(told.prompts)) == (2, False, 0.2, 24)
    assert told.names.judge == "starter@1" and told.judge and told.names.source == "support@3"
    assert job.estimate["needed"] > job.estimate["weights"] > 0


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"before": "starter@2"}, "both are 'starter@2'"),
        ({"after": "starter@1"}, "name an older one as 'before'"),
        ({"after": "nope"}, "no model 'nope'"),
        ({"data": {"judge": "nope"}}, "no model 'nope'"),
        ({"data": {"reward_model": "starter"}}, "a reward model is needed"),
        ({"data": {"prompts": []}}, "prompts"),
        ({"data": {"rewards": [{"kind": "magic"}]}}, "rewards"),
        ({"settings": {"json_schema": "{"}}, "not JSON"),
        ({"settings": {"steps": 3}}, "'steps'"),
    ],
)
def test_an_order_that_cannot_be_is_refused_by_name(order, fields, why):
    with pytest.raises(NodeError, match=why):
        order(**fields)
    assert not Evaluation.objects.exists()


def test_a_run_s_evaluation_is_there_too(workspace, trained):
    job = start_job(
        workspace_id=workspace.pk,
        recipe="evaluate",
        model=trained.ref,
        settings={},
        data={"prompts": [{"prompt": "?"}]},
        wait_key="job:r:n",
    )
    assert job.evaluation.after == trained and not job.evaluation.finished


def test_the_end_of_the_job_fills_it_once(order, finish):
    evaluation = finish(order())
    assert (
        evaluation.finished and evaluation.measured_at and evaluation.report["job"] == str(evaluation.job_id)
    )
    prompts = evaluation.prompts
    assert prompts.count() == 26 and prompts.filter(worse=True).get().number == 22
    assert (prompts.filter(improved=True).count(), prompts.exclude(item="").count()) == (22, 2)
    services.take_in(evaluation.job)
    assert prompts.count() == 26


def test_a_worker_that_died_at_the_end_loses_nothing(order, finish):
    evaluation = finish(order())
    EvaluatedPrompt.objects.all().delete()
    Evaluation.objects.update(report={}, measured_at=None)
    services.sweep()
    evaluation.refresh_from_db()
    assert evaluation.report and evaluation.prompts.count() == 26


def test_a_failed_job_leaves_it_empty(order):
    evaluation = order()
    Job.objects.update(status=JobStatus.FAILED, error="no disk")
    services.take_in(Job.objects.get())
    services.sweep()
    evaluation.refresh_from_db()
    assert not evaluation.report and evaluation.found is None


@pytest.fixture
def dataset(asker):
    made = datasets.create_dataset(
        workspace_id=asker.workspace.pk, name="support", kind="completion", train_share=1, validation_share=0
    )
    contents = [{"prompt": f"Question {number}?", "completion": f"Answer {number}."} for number in range(8)]
    editing.add(dataset=made, rows=[editing.incoming("completion", row, "written") for row in contents])
    return datasets.freeze(dataset=made)


def test_prompts_come_from_what_a_dataset_holds_out(order, dataset):
    job = order(dataset="support").job
    assert job.data["source"] == "support@1" and len(job.data["prompts"]) >= 6
    assert job.data["prompts"][0]["reference"].startswith("Answer")
    with pytest.raises(NodeError, match="holds out no prompts for 'validation'"):
        order(dataset="support", held_out="validation")
    with pytest.raises(NodeError, match="no dataset 'nope'"):
        order(dataset="nope")


def test_prompts_that_it_was_trained_on_are_counted(workspace, order, finish, trained):
    """Also those that its parents were trained on."""
    examples = [{"prompt": "Prompt 0", "completion": "?"}, {"messages": DIALOGUE}]
    job = start_job(
        workspace_id=workspace.pk, recipe="sft", model="starter", settings={}, data={"examples": examples}
    )
    trained.location = str(job.pk)
    trained.save()
    child = ModelVersion.objects.create(
        workspace=workspace, model=trained.model, number=3, source=Source.JOB, parent=trained
    )
    assert order(after=child.ref).seen == 2
    evaluation = finish(order())
    assert gates.verdict(evaluation).refusals == ["prompts that it was trained on is 2, wanted is none"]
