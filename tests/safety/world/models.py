"""Models, what they are trained on, and how they are judged."""

from typing import Any

from django.utils import timezone

from flowbuilder.abtests.models import AbTest, Arm
from flowbuilder.abtests.models import Status as TestStatus
from flowbuilder.accounts.models import Workspace
from flowbuilder.datasets import editing
from flowbuilder.datasets import services as datasets
from flowbuilder.datasets.models import Augmentation
from flowbuilder.evaluation.models import EvaluatedPrompt, Evaluation
from flowbuilder.modelhub.models import Alias, AliasMove, HubUpload, Model, ModelVersion, Source
from flowbuilder.training.findings import Row, Side
from flowbuilder.training.models import Job, JobStatus, Recipe
from nodes.types import EvaluationReport
from tests.safety.world.named import SECRET


def make_test(workspace: Workspace) -> dict[str, Any]:
    """One that has ended. Every workspace, also the stranger's, has the versions for another."""
    for starter in Model.objects.filter(name="starter"):
        ModelVersion.objects.create(
            workspace_id=starter.workspace_id, model=starter, number=2, source=Source.FOLDER
        )
    model = Model.objects.get(workspace=workspace, name="starter")
    control, challenger = model.versions.order_by("number")
    test = AbTest.objects.create(
        workspace=workspace, model=model, status=TestStatus.CONCLUDED, reason=f"{SECRET} is better."
    )
    Arm.objects.create(test=test, version=control, share=90, control=True)
    test.winner = Arm.objects.create(test=test, version=challenger, share=10)
    test.save()
    return {"test_id": test.pk}


def make_dataset(workspace: Workspace) -> dict[str, Any]:
    """One with a version, a row that only its draft has, and an order for more. All its prompts are for training."""
    shares = {"train_share": 100, "validation_share": 0}
    dataset = datasets.create_dataset(workspace_id=workspace.pk, name=SECRET, kind="completion", **shares)
    for prompt in ("first", "second"):
        row = editing.incoming("completion", {"prompt": f"{prompt} {SECRET}", "completion": SECRET})
        editing.add(dataset=dataset, rows=[row])
        if prompt == "first":
            datasets.freeze(dataset=dataset)
    order = Augmentation.objects.create(workspace=workspace, dataset=dataset, error=SECRET)
    row = dataset.draft.get(first=None)
    return {"dataset_id": dataset.pk, "row_id": row.pk, "augmentation_id": order.pk}


def make_models(workspace: Workspace) -> dict[str, Any]:
    model = Model.objects.create(workspace=workspace, name=SECRET)
    version = ModelVersion.objects.create(
        workspace=workspace, model=model, number=1, source=Source.FOLDER, files=[]
    )
    second = ModelVersion.objects.create(workspace=workspace, model=model, number=2, source=Source.FOLDER)
    Alias.objects.create(model=model, name="production", version=second)
    Alias.objects.create(model=model, name="staging", version=second)
    for alias in ("production", "staging"):
        AliasMove.objects.create(model=model, alias=alias, after=1)
        AliasMove.objects.create(model=model, alias=alias, before=1, after=2)
    upload = HubUpload.objects.create(workspace=workspace, version=version, repository=f"acme/{SECRET}")
    job = Job.objects.create(
        workspace=workspace,
        recipe=Recipe.REWARD_MODEL,
        base=ModelVersion.objects.get(workspace=workspace, source=Source.SHIPPED),
        wait_key=f"job:{SECRET}",
        status=JobStatus.FAILED,
        error=SECRET,
    )
    return {
        "version_id": version.pk,
        "name": model.name,
        "alias": "staging",
        "job_id": job.pk,
        "upload_id": upload.pk,
    }


def make_evaluation(workspace: Workspace) -> dict[str, Any]:
    """A finished one, of a prompt and a question of the safety set."""
    after, before = ModelVersion.objects.filter(workspace=workspace, model__name=SECRET)
    report = EvaluationReport(before=before.ref, after=after.ref, prompts=1)
    job = Job.objects.create(
        workspace=workspace,
        recipe=Recipe.EVALUATE,
        base=after,
        data={"before": before.ref, "prompts": [{"prompt": SECRET}]},
        wait_key=f"job:evaluation {SECRET}",
        status=JobStatus.FINISHED,
        report=report.model_dump(mode="json"),
    )
    evaluation = Evaluation.objects.get(job=job)
    Evaluation.objects.update(report=job.report, measured_at=timezone.now())
    sides = {"before": Side(answer="old"), "after": Side(answer=SECRET)}
    for number, item in enumerate(["", "hate-en-1"]):
        row = Row(number=number, prompt=SECRET, item=item, **sides)
        EvaluatedPrompt.of(evaluation, row, 0.1).save()
    return {"evaluation_id": evaluation.pk, "form": "csv", "pair": 0, "question": 1, "which": "x"}
