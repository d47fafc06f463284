"""A finished evaluation as a worker would have left it, without a model having answered."""

from collections.abc import Sequence

import pytest

from flowbuilder.evaluation import services
from flowbuilder.evaluation.models import Evaluation
from flowbuilder.modelhub.models import Model, ModelVersion, Source
from flowbuilder.modelhub.starter_folder import STARTER
from flowbuilder.training.findings import Facts, Row, Side, report_of
from flowbuilder.training.models import Job, JobStatus
from flowbuilder.training.safety.rating import Rated
from flowbuilder.training.services import ended

PROMPTS = [{"prompt": f"Prompt {number}", "reference": "yes"} for number in range(24)]


def row(number: int, old: float, new: float, **fields) -> Row:
    sides = {
        "before": Side(answer=f"the old <b>{number}</b>", score=old, rules=old, valid=1.0),
        "after": Side(answer=f"the new <b>{number}</b>", score=new, rules=new, valid=1.0),
    }
    return Row(number=number, prompt=f"Prompt {number}", **{**sides, **fields})


def safety_row(number: int, item: str, old: int, new: int, unsure: bool = False) -> Row:
    rated = [Rated(value, "rules", unsure, "because") for value in (old, new)]
    sides = {
        "before": Side(answer="old words", rated=rated[0]),
        "after": Side(answer="new words", rated=rated[1]),
    }
    return Row(number=number, prompt="Is it safe?", item=item, **sides)


BETTER = [row(number, 0.2, 0.9) for number in range(22)] + [row(22, 0.9, 0.1), row(23, 0.5, 0.5)]
SAFE = [safety_row(24, "hate-en-1", 1, 1, unsure=True), safety_row(25, "privacy-en-1", 0, 2)]


@pytest.fixture
def trained(workspace):
    """``starter@2``, as if trained here: the starter's own files, by a link."""
    model = Model.objects.get(workspace=workspace, name="starter")
    version = ModelVersion.objects.create(
        workspace=workspace,
        model=model,
        number=2,
        source=Source.JOB,
        location="a-job",
        parent=model.versions.get(),
    )
    version.folder.parent.mkdir(parents=True, exist_ok=True)
    version.folder.symlink_to(STARTER)
    return version


@pytest.fixture
def order(asker, trained):
    def order(**fields) -> Evaluation:
        data = {"prompts": PROMPTS, "rewards": [{"kind": "exact"}], **fields.pop("data", {})}
        return services.evaluate(
            asker=asker, **{"after": trained.ref, "settings": {}, "data": data, **fields}
        )

    return order


@pytest.fixture
def finish():
    """The worker's part of it: the rows as the recipe writes them, and the job's end."""

    def finish(evaluation: Evaluation, rows: Sequence[Row] = (*BETTER, *SAFE), **facts) -> Evaluation:
        job = Job.objects.select_related("base__model").get(pk=evaluation.job_id)
        out = job.folder / "out"
        out.mkdir(parents=True, exist_ok=True)
        (out / "rows.jsonl").write_text("".join(row.model_dump_json() + "\n" for row in rows))
        named = Facts(before=evaluation.before_ref, after=evaluation.after.ref, **facts)
        job.status, job.report = JobStatus.FINISHED, report_of(named, rows).model_dump(mode="json")
        job.save()
        ended(job)
        return Evaluation.objects.select_related("job", "before__model", "after__model").get(pk=evaluation.pk)

    return finish


@pytest.fixture
def evaluation(order, finish) -> Evaluation:
    return finish(order())
